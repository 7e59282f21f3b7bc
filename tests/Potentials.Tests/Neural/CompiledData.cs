using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>What libtorch computed with a model of <c>Data</c>.</summary>
internal sealed class CompiledData
{
    private readonly string _path;
    private readonly Dictionary<string, NumpyArray> _arrays;

    /// <param name="folder"><c>NequIP</c> or <c>AllegroCompiled</c>.</param>
    /// <param name="model">Its name.</param>
    public CompiledData(string folder, string model)
    {
        _path = System.IO.Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", folder, model);
        _arrays = NumpyArray.ReadArchive(_path + ".npz");
    }

    /// <summary>Every model with vectors of every width.</summary>
    public static TheoryData<string, int> Lanes(IEnumerable<string> models)
    {
        var data = new TheoryData<string, int>();
        foreach (var model in models)
        {
            foreach (var lanes in (int[])[2, 4, 8])
            {
                data.Add(model, lanes);
            }
        }

        return data;
    }

    public string ModelFile => _path + ".nequip.pth";

    public IEnumerable<string> Structures => _arrays.Keys.Select(key => key.Split("__")[0]).Distinct();

    public double[] Array(string structure, string name) => _arrays[$"{structure}__{name}"].Values;

    public int[] Types(string structure) => [.. Array(structure, "types").Select(type => (int)type)];

    public Cell? Cell(string structure) => _arrays.TryGetValue($"{structure}__cell", out var cell) ? new Cell(cell.Values) : null;

    /// <summary>Compares energies of atoms to <paramref name="tolerance"/> and forces and virials to ten times that.</summary>
    public void ShouldBeWhat(Func<string, Evaluation> evaluate, double tolerance)
    {
        foreach (var structure in Structures)
        {
            var result = evaluate(structure);
            result.Outcome.Status.ShouldBe(EvaluationStatus.Success);
            AllegroAgreementTests.Compare(result.AtomEnergies, Array(structure, "atom_energies"), tolerance, structure);
            AllegroAgreementTests.Compare(result.Forces, Array(structure, "forces"), 10 * tolerance, structure);
            AllegroAgreementTests.Compare(result.Virial, Array(structure, "virial"), 10 * tolerance, structure);
            result.Energy.ShouldBe(Array(structure, "energy")[0], tolerance * Math.Max(1, Math.Abs(result.Energy)));
            for (var m = 0; m < 9; m++)
            {
                Enumerable.Range(0, result.AtomEnergies.Length).Sum(i => result.AtomVirials[9 * i + m]).ShouldBe(result.Virial[m], tolerance * Math.Max(1, Math.Abs(result.Virial[m])));
            }
        }
    }
}
