namespace MofInterop.Cli.Doctor;

/// <summary>What the doctor found about one thing.</summary>
/// <param name="Name">What was looked for.</param>
/// <param name="Present">It is there and works.</param>
/// <param name="Details">Version and place, or what is wrong.</param>
internal sealed record Finding(string Name, bool Present, string Details)
{
    /// <summary>Debian packages that bring it.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>What to do where no package helps.</summary>
    public string? Remedy { get; init; }
}
