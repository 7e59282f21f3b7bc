using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Units;
using MofInterop.Potentials.Zbl;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Learning.Tests;

/// <summary>
/// FitSNAP's tantalum example (A. P. Thompson et al., J. Comput. Phys. 285 (2015) 316) and what FitSNAP of 20 May 2021 wrote for it:
/// 363 configurations in 12 groups, linear SNAP with 2J = 6, the ZBL repulsion of nuclei taken from the labels.
/// </summary>
internal sealed class FitSnapExample : IDisposable
{
    public const int Columns = 31;

    private readonly string _folder;
    private readonly LabelBaseline _repulsion = new(new ZblPotential(ZblModel.BetweenAll([new Species("Ta", 73, 180.9479)], 4.0, 4.8)));

    private FitSnapExample(string folder)
    {
        _folder = folder;
        (Settings, GroupOrder) = ReadInput();
        Frames = [.. FitSnapJson.ReadFolder(Path.Combine(folder, "JSON"), requireLabels: true)];
        Reduced = _repulsion.Subtract(Frames);
        Design = Numbers("Descriptors.npy");
        Truth = Numbers("Truth-Ref.npy");
        Weights = Numbers("Weights.npy");
        Ordered = InTheirOrder();
    }

    public static FitSnapExample? Find() => ReferenceData.Find("fitsnap_ta") is { } folder ? new FitSnapExample(folder) : null;

    public IReadOnlyList<AtomType> Types { get; } = [new AtomType("Ta", "Ta", 1, [])];

    public SnapTrainingSettings Settings { get; }

    /// <summary>As the input file lists them.</summary>
    public IReadOnlyList<string> GroupOrder { get; }

    /// <summary>As we read them.</summary>
    public IReadOnlyList<AtomicConfiguration> Frames { get; }

    /// <summary>The same less the repulsion.</summary>
    public IReadOnlyList<AtomicConfiguration> Reduced { get; }

    /// <summary>The same in the order of FitSNAP's rows.</summary>
    public IReadOnlyList<AtomicConfiguration> Ordered { get; }

    public NumpyArray Design { get; }

    public NumpyArray Truth { get; }

    public NumpyArray Weights { get; }

    /// <summary>FitSNAP's metrics by group, weighting and quantity: count, MAE, RMSE, R².</summary>
    public IReadOnlyDictionary<(string Group, string Weighting, string Quantity), double[]> Metrics() =>
        File.ReadLines(Written("Ta_metrics.md")).Skip(2).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length >= 6).ToDictionary(
            cells =>
            {
                var names = cells[1].Trim('(', ')').Split(',').Select(name => name.Trim(' ', '\'')).ToArray();
                return (names[0], names[1], names[2]);
            },
            cells => cells[2..6].Select(Number).ToArray());

    /// <summary>FitSNAP's constant and coefficients.</summary>
    public double[] Coefficients() =>
        [.. File.ReadLines(Written("Ta_pot.snapcoeff")).Where(line => line.Contains("B[", StringComparison.Ordinal)).Select(line => Number(line.Split('#')[0]))];

    /// <summary>
    /// Rows of FitSNAP's matrix: first the energies (of one atom) of all configurations, then the forces of all (atom by atom, x y z), last
    /// the stresses of all (bar, LAMMPS's sign, xx yy zz yz xz xy).
    /// </summary>
    public IEnumerable<(AtomicConfiguration Frame, int Energy, int Forces, int Stress)> Places()
    {
        int forces = Ordered.Count, stress = forces + 3 * Ordered.Sum(frame => frame.Count);
        for (var k = 0; k < Ordered.Count; k++)
        {
            yield return (Ordered[k], k, forces, stress);
            forces += 3 * Ordered[k].Count;
            stress += 6;
        }
    }

    public void Dispose() => _repulsion.Dispose();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string Written(string name) => Path.Combine(_folder, "20May21_Standard", name);

    private NumpyArray Numbers(string name) => NumpyArray.Read(Written(name));

    // Groups come as the input lists them; within a group as the file system listed the files, which no rule tells: found by the energies.
    private List<AtomicConfiguration> InTheirOrder()
    {
        var ordered = new List<AtomicConfiguration>();
        foreach (var group in GroupOrder)
        {
            var left = Reduced.Where(frame => ConfigurationGroups.Of(frame) == group).ToList();
            while (left.Count > 0)
            {
                var next = left.MinBy(frame => Math.Abs(frame.Label!.Energy / frame.Count - Truth.Values[ordered.Count]))!;
                left.Remove(next);
                ordered.Add(next);
            }
        }

        return ordered;
    }

    private (SnapTrainingSettings Settings, List<string> Groups) ReadInput()
    {
        var weights = new Dictionary<string, RowWeights>();
        var groups = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(_folder, "Ta-example.in")).SkipWhile(line => !line.StartsWith("[GROUPS]", StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith("[EXTRAS]", StringComparison.Ordinal)))
        {
            var words = line.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 6 && double.TryParse(words[1], CultureInfo.InvariantCulture, out _))
            {
                groups.Add(words[0]);
                weights.Add(words[0], RowWeights.OfFitSnap(Number(words[3]), Number(words[4]), Number(words[5])));
            }
        }

        return (new SnapTrainingSettings
        {
            TwoJMax = 6,
            CutoffFactor = 4.67637,
            SubtractIsolatedAtom = false,
            Radii = new Dictionary<string, double> { ["Ta"] = 0.5 },
            Weights = new Dictionary<string, double> { ["Ta"] = 1.0 },
            GroupWeights = weights,
            Ridge = 0,
        }, groups);
    }
}
