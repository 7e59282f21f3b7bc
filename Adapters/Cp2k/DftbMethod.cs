using System.Security.Cryptography;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cp2k;

/// <summary>
/// Self-consistent-charge density-functional tight binding (M. Elstner et al., Phys. Rev. B 1998, 58, 7260) at the Γ point with periodic electrostatics, without dispersion, by
/// Slater–Koster files of the user's.
/// </summary>
/// <param name="Parameters">The parameters.</param>
public sealed record DftbMethod(DftbParameters Parameters) : Cp2kMethod
{
    /// <inheritdoc/>
    public override string Name => "DFTB";

    /// <inheritdoc/>
    protected override string Details => $", parameters {Parameters.Fingerprint}";

    /// <inheritdoc/>
    public override bool IncludesDispersion => false;

    /// <inheritdoc/>
    protected override string? Unavailable(Element element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return Parameters.Elements.Contains(element.Symbol) ? null : $"the parameters in {Parameters.Folder} have {string.Join(' ', Parameters.Elements)} only";
    }

    /// <inheritdoc/>
    protected override string? Incompatible(IReadOnlyList<string> elements)
    {
        var missing = elements.SelectMany((first, k) => elements.Skip(k + 1).Select(second => (first, second))).FirstOrDefault(pair => !Parameters.HasPair(pair.first, pair.second));
        return missing.first is null ? null : $"the parameters in {Parameters.Folder} have no files for the pair {missing.first}-{missing.second}";
    }
}

/// <summary>A folder of Slater–Koster files as CP2K reads them: <c>scc_parameter</c> names the file of each pair of elements.</summary>
public sealed class DftbParameters
{
    /// <summary>The file that names the others.</summary>
    public const string IndexFile = "scc_parameter";

    private readonly HashSet<(string, string)> _pairs;

    private DftbParameters(string folder, IReadOnlyList<string> elements, HashSet<(string, string)> pairs, string fingerprint)
    {
        Folder = folder;
        Elements = elements;
        _pairs = pairs;
        Fingerprint = fingerprint;
    }

    /// <summary>Full path.</summary>
    public string Folder { get; }

    /// <summary>The elements that have a file of their own, in alphabetical order.</summary>
    public IReadOnlyList<string> Elements { get; }

    /// <summary>A hash of the index and of all files that it names.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads the index of a folder.</summary>
    /// <param name="folder">The folder; null: <c>DFTB/scc</c> below CP2K's data.</param>
    /// <exception cref="MofException">There is no such folder or no index in it (ToolFailure), or the index is not one (FileFormat).</exception>
    public static DftbParameters Read(string? folder)
    {
        const string remedy = "Give the folder of Slater-Koster files in CP2K's format with its scc_parameter: dftb_parameters: DIR. CP2K's own data have them for C, H, N, O, P, S and Zn (Debian: apt install cp2k-data).";
        var place = folder ?? InData() ?? throw new MofException(ErrorKind.ToolFailure, "there are no DFTB parameters below CP2K's data", expected: "DFTB/scc", remedy: remedy);
        var index = Path.Combine(Path.GetFullPath(place), IndexFile);
        if (!File.Exists(index))
        {
            throw new MofException(ErrorKind.ToolFailure, "the folder holds no DFTB parameters", place, $"{IndexFile}, which names the file of each pair of elements", remedy);
        }

        var pairs = new Dictionary<(string, string), string>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var number = 0;
        foreach (var line in File.ReadLines(index))
        {
            number++;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 3)
            {
                continue;
            }

            if (!Potentials.Atoms.Elements.TryBySymbol(words[0], out _) || !Potentials.Atoms.Elements.TryBySymbol(words[1], out _))
            {
                throw new MofException(ErrorKind.FileFormat, $"'{line.Trim()}' in a list of DFTB parameters", $"{index}:{number}", "two elements and the name of their file");
            }

            var file = Path.Combine(Path.GetDirectoryName(index)!, words[2]);
            if (File.Exists(file))
            {
                pairs[(words[0], words[1])] = file;
                hash.AppendData(Encoding.UTF8.GetBytes($"{words[0]} {words[1]}\n"));
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
            }
        }

        string[] named = [.. pairs.Keys.Select(pair => pair.Item1).Distinct()];
        string[] elements = [.. named.Where(one => pairs.ContainsKey((one, one))).Order(StringComparer.Ordinal)];
        return new DftbParameters(Path.GetDirectoryName(index)!, elements, [.. pairs.Keys], Convert.ToHexStringLower(hash.GetHashAndReset())[..12]);
    }

    /// <summary>Whether there are files for two elements, both ways.</summary>
    public bool HasPair(string first, string second) => _pairs.Contains((first, second)) && _pairs.Contains((second, first));

    /// <summary>Two folders with the same files are the same parameters.</summary>
    public override bool Equals(object? obj) => obj is DftbParameters other && other.Fingerprint == Fingerprint;

    /// <inheritdoc/>
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    private static string? InData()
    {
        var settings = new Cp2kSettings();
        return Cp2kTool.IsAvailable(settings) && Cp2kTool.DataDirectoryOf(settings) is { } data && Directory.Exists(Path.Combine(data, "DFTB", "scc"))
            ? Path.Combine(data, "DFTB", "scc")
            : null;
    }
}
