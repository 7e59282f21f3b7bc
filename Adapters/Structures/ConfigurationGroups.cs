namespace MofInterop.Structures;

/// <summary>Groups of configurations, which a fit can weigh and hold back one by one: a name in their <see cref="AtomicConfiguration.Info"/>.</summary>
public static class ConfigurationGroups
{
    /// <summary>The key of the name; in an extended XYZ file <c>group=Liquid</c> on the comment line.</summary>
    public const string Key = "group";

    /// <summary>The group of a configuration, or null.</summary>
    public static string? Of(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Info.TryGetValue(Key, out var group) ? group : null;
    }
}
