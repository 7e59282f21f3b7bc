using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Vasp;

/// <summary>
/// The user's library of PAW potentials: a folder with one folder for each potential (<c>Zn</c>, <c>Zn_pv</c>) that holds its <c>POTCAR</c> or <c>POTCAR.gz</c>, as VASP's
/// <c>potpaw_PBE</c> is laid out. The potentials are licensed with VASP and are never part of this suite.
/// </summary>
/// <param name="folder">The library.</param>
/// <param name="names">The potential of an element (<c>Zn: Zn_pv</c>) where it is not called as the element.</param>
public sealed class VaspPotentials(string folder, IReadOnlyDictionary<string, string>? names = null)
{
    /// <summary>The variable that names the folder above <see cref="DefaultSet"/>, as ASE and others use it.</summary>
    public const string Variable = "VASP_PP_PATH";

    /// <summary>The set of potentials below <see cref="Variable"/>.</summary>
    public const string DefaultSet = "potpaw_PBE";

    private readonly Dictionary<string, string> _texts = [];

    /// <summary>The library that a setting or the variable names.</summary>
    /// <exception cref="MofException">Neither does, or the folder does not exist (ToolFailure).</exception>
    public static string Find(string? setting)
    {
        const string remedy = "Give the folder of your VASP licence's PAW potentials (potpaw_PBE): potentials: DIR, or set VASP_PP_PATH to the folder above it.";
        if (setting is not null)
        {
            return Directory.Exists(setting) ? setting : throw new MofException(ErrorKind.ToolFailure, "the folder of VASP's potentials does not exist", setting, remedy: remedy);
        }

        var above = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(above))
        {
            throw new MofException(ErrorKind.ToolFailure, "no folder of VASP's potentials is known: they come with a licence of VASP and not with MofInterop", remedy: remedy);
        }

        string[] places = [Path.Combine(above, DefaultSet), above];
        return places.FirstOrDefault(Directory.Exists) ?? throw new MofException(ErrorKind.ToolFailure, $"{Variable} names a folder that does not exist", above, remedy: remedy);
    }

    /// <summary>The potentials one after the other: the POTCAR of these elements in this order.</summary>
    /// <exception cref="MofException">A potential is missing, or is one of another element (ToolFailure).</exception>
    public string Assemble(IEnumerable<string> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return string.Concat(elements.Select(Text));
    }

    /// <summary>Names of the potentials as they tell them, with a hash of each: what a label depends on.</summary>
    /// <inheritdoc cref="Assemble" path="/exception"/>
    public string Describe(IEnumerable<string> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return string.Join(", ", elements.Order(StringComparer.Ordinal).Select(element => $"{Title(Text(element))} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(element))))[..8]}"));
    }

    private string Text(string element)
    {
        if (_texts.TryGetValue(element, out var known))
        {
            return known;
        }

        var name = names?.GetValueOrDefault(element) ?? element;
        var place = Path.Combine(folder, name);
        string[] files = [Path.Combine(place, "POTCAR"), Path.Combine(place, "POTCAR.gz")];
        var file = files.FirstOrDefault(File.Exists) ?? throw Missing(element, name, files[0]);
        using var stream = File.OpenRead(file);
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        var text = reader.ReadToEnd();
        if (Element(text) is { } found && found != element)
        {
            throw new MofException(ErrorKind.ToolFailure, $"the potential is one of {found}, not of {element}", file, $"a line 'VRHFIN ={element}:'", $"Correct the name of the potential of {element}.");
        }

        return _texts[element] = text.EndsWith('\n') ? text : text + "\n";
    }

    private MofException Missing(string element, string name, string file)
    {
        string[] others = Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder, element + "*").Select(one => Path.GetFileName(one)).Where(one => one == element || one.StartsWith(element + "_", StringComparison.Ordinal) || one.StartsWith(element + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [];
        return new MofException(
            ErrorKind.ToolFailure,
            $"there is no PAW potential '{name}' for {element}",
            file,
            others.Length > 0 ? $"one of those that are there: {string.Join(", ", others)}" : "a folder with its POTCAR for each element",
            $"Name the potential of {element} (potential_names: {{ {element}: {others.FirstOrDefault() ?? element + "_pv"} }}), or correct the folder.");
    }

    private static string Title(string text) => Field(text, "TITEL") is { } title ? title : text.AsSpan(0, Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal))).Trim().ToString();

    private static string? Element(string text) => Field(text, "VRHFIN")?.Split(':')[0].Trim();

    private static string? Field(string text, string key)
    {
        var place = text.IndexOf(key, StringComparison.Ordinal);
        var sign = place < 0 ? -1 : text.IndexOf('=', place);
        if (sign < 0)
        {
            return null;
        }

        var end = text.IndexOf('\n', sign);
        return text[(sign + 1)..(end < 0 ? text.Length : end)].Trim();
    }
}
