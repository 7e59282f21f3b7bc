using MofInterop.ModelFiles.Mace;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>A model of <c>Data/Mace</c>, saved by MACE, and what libtorch computed with it.</summary>
internal static class MaceMadeData
{
    /// <summary>What models leave open, by the ends of the names of cases.</summary>
    private static readonly Dictionary<string, MaceChoice> _choices = new()
    {
        ["_1_2"] = new MaceChoice(null, new Dictionary<string, double> { ["total_charge"] = 1, ["total_spin"] = 2 }),
        ["_0_1"] = MaceChoice.None,
    };

    public static string PathOf(string file) => Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Mace", file);

    /// <summary>All structures with all heads: <c>close_r2scan</c>.</summary>
    public static IReadOnlyList<string> Cases(string model) => [.. NumpyArray.ReadArchive(PathOf(model + ".npz")).Keys.Select(key => key[..key.LastIndexOf("__", StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What MACE computed.</summary>
    public static MaceCase Case(string model, string name)
    {
        var arrays = NumpyArray.ReadArchive(PathOf(model + ".npz"));
        return new MaceCase(
            [.. arrays[name + "__numbers"].Values.Select(number => (int)number)],
            arrays[name + "__positions"].Values,
            arrays.TryGetValue(name + "__cell", out var cell) ? new Cell(cell.Values) : null,
            arrays[name + "__node_energy"].Values,
            arrays[name + "__forces"].Values,
            arrays.GetValueOrDefault(name + "__virials")?.Values);
    }

    /// <summary>The model with what the case leaves open.</summary>
    public static MaceModel Model(string file, string name) => MaceFile.Read(PathOf(file), null, ChoiceOf(name));

    private static MaceChoice ChoiceOf(string name)
    {
        var rest = name[(name.IndexOf('_', StringComparison.Ordinal) is >= 0 and var at ? at : name.Length)..];
        return _choices.GetValueOrDefault(rest) ?? (rest.Length == 0 ? MaceChoice.None : new MaceChoice(rest[1..], MaceChoice.None.Inputs));
    }
}
