using MofInterop.ModelFiles.Allegro;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>A model of <c>Data/Allegro</c>, deployed by NequIP, and what libtorch computed with it.</summary>
internal sealed class AllegroData
{
    private readonly Dictionary<string, NumpyArray> _arrays;

    private AllegroData(string model)
    {
        Model = AllegroFile.Read(PathOf(model + ".pth"));
        _arrays = NumpyArray.ReadArchive(PathOf(model + ".npz"));
    }

    public AllegroModel Model { get; }

    public IEnumerable<string> Structures => _arrays.Keys.Select(key => key.Split("__")[0]).Distinct();

    public static AllegroData Of(string model) => new(model);

    public static string PathOf(string file) => Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Allegro", file);

    public NumpyArray Array(string structure, string name) => _arrays[$"{structure}__{name}"];

    public bool Has(string structure, string name) => _arrays.ContainsKey($"{structure}__{name}");

    public double[] Positions(string structure) => Array(structure, "positions").Values;

    public int[] Types(string structure) => [.. Array(structure, "types").Values.Select(type => (int)type)];

    public Cell? Cell(string structure) => Has(structure, "cell") ? new Cell(Array(structure, "cell").Values) : null;

    public Evaluation Evaluate(IPotential potential, string structure) => Evaluation.Of(potential, Positions(structure), Types(structure), Cell(structure));
}
