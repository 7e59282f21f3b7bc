using System.Reflection;
using System.Runtime.InteropServices;

namespace MofInterop.Cli;

/// <summary>Versions that are known without asking other programs.</summary>
internal static class ProgramVersions
{
    public static IReadOnlyDictionary<string, string> Own() => new Dictionary<string, string>
    {
        ["mofinterop"] = typeof(ProgramVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
    };
}
