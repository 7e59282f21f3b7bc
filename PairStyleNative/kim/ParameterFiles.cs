using System.Runtime.InteropServices;
using System.Text;

namespace MofInterop.Kim;

/// <summary>
/// The files of a portable model: a model card (<c>*.mof.yaml</c>, the first if a sum names others) with the files it
/// names, or a <c>*.snapcoeff</c> and a <c>*.snapparam</c>; and, where labels are no species names of KIM, a <c>*.kim-species</c> that says which is which.
/// </summary>
internal sealed unsafe class ParameterFiles
{
    private readonly string _folder;
    private readonly List<string> _names = [];

    public ParameterFiles(nint driver)
    {
        KimApi.GetParameterDirectory(driver, out var folder);
        _folder = Text(folder);
        KimApi.GetParameterFileCount(driver, out var count);
        for (var i = 0; i < count; i++)
        {
            if (KimApi.GetParameterFileName(driver, i, out var name) != 0)
            {
                throw new KimException($"kim-api does not tell the name of parameter file {i}");
            }

            _names.Add(Text(name));
        }
    }

    /// <summary>Loads the potential; the handle is the caller's to free.</summary>
    public nint LoadPotential()
    {
        nint potential;
        if (_names.Find(name => name.EndsWith(".mof.yaml", StringComparison.Ordinal)) is { } card)
        {
            PotentialApi.ThrowIfFailed(PotentialApi.Load(Path.Combine(_folder, card), out potential));
        }
        else if (Single(".snapcoeff") is { } coefficients && Single(".snapparam") is { } parameters)
        {
            PotentialApi.ThrowIfFailed(PotentialApi.LoadSnap(coefficients, parameters, out potential));
        }
        else
        {
            throw new KimException($"the model has the files {string.Join(", ", _names)}; expected a *.mof.yaml, or one *.snapcoeff and one *.snapparam");
        }

        return potential;
    }

    /// <summary>KIM's species name for every label that the <c>*.kim-species</c> file maps; empty without one.</summary>
    public Dictionary<string, string> SpeciesOfLabels()
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Single(".kim-species") is not { } path)
        {
            return map;
        }

        var number = 0;
        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            number++;
            var words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words.Length != 2 || !map.TryAdd(words[1], words[0]))
            {
                throw new KimException($"{Path.GetFileName(path)}:{number}: \"{line.Trim()}\"; expected a species name of KIM and a label of the potential, each label once, such as \"user01 C3a\"");
            }
        }

        return map;
    }

    private string? Single(string ending)
    {
        var found = _names.Where(name => name.EndsWith(ending, StringComparison.Ordinal)).ToArray();
        return found.Length switch
        {
            0 => null,
            1 => Path.Combine(_folder, found[0]),
            _ => throw new KimException($"the model has several files *{ending}: {string.Join(", ", found)}; expected one"),
        };
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
