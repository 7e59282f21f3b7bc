using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Melting;

/// <summary>How atoms moved within a window of time.</summary>
/// <param name="MeanSquare">Mean square displacement over half of the window, Å², of all pairs of frames so far apart.</param>
/// <param name="Exponent">
/// log₂ of the ratio of the mean square displacements over a half and over a quarter of the window: 0 where atoms are bound (the displacement has its plateau), 1 where they diffuse.
/// </param>
public readonly record struct Mobility(double MeanSquare, double Exponent)
{
    /// <summary>
    /// Lindemann's ratio: the amplitude √⟨u²⟩ of a bound atom that moves so far from one time to another (the mean square displacement is then 2⟨u²⟩), divided by the distance of neighbours. F. A. Lindemann,
    /// Phys. Z. 11 (1910) 609: crystals melt at 0.1 to 0.15.
    /// </summary>
    /// <param name="spacing">Mean distance of an atom from its nearest neighbour, Å.</param>
    public double Lindemann(double spacing) => Math.Sqrt(MeanSquare / 2) / spacing;
}

/// <summary>
/// Mobility of some atoms within a window of consecutive frames. Displacements are those of fractional coordinates times the mean cell of the window, and the path of the centre of mass is taken out: neither
/// the breathing of the cell nor a drift counts as motion. Positions must be unwrapped.
/// </summary>
public sealed class MobilityWindow
{
    /// <summary>Fewest frames of a window, both ends included.</summary>
    public const int FewestFrames = 9;

    private const int CellNumbers = 9;
    private readonly IReadOnlyList<int> _atoms;
    private readonly double[] _weights;
    private readonly List<double[]> _frames = [];
    private readonly double[] _cell = new double[CellNumbers];

    /// <summary>Creates an empty window.</summary>
    /// <param name="atoms">Whose motion counts, at least one.</param>
    /// <param name="masses">Of all atoms.</param>
    /// <exception cref="MofException">No atom (InvalidArgument).</exception>
    public MobilityWindow(IReadOnlyList<int> atoms, IReadOnlyList<double> masses)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentNullException.ThrowIfNull(masses);
        if (atoms.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the mobility of no atoms", expected: "at least one");
        }

        var total = masses.Sum();
        _atoms = atoms;
        _weights = [.. masses.Select(mass => mass / total)];
    }

    /// <summary>Adds the next frame.</summary>
    /// <param name="positions"><c>double[3N]</c> of all atoms, Å.</param>
    /// <param name="cell">Of the frame.</param>
    public void Add(double[] positions, Cell cell)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(cell);
        double x = 0, y = 0, z = 0;
        for (var i = 0; i < _weights.Length; i++)
        {
            x += _weights[i] * positions[3 * i];
            y += _weights[i] * positions[3 * i + 1];
            z += _weights[i] * positions[3 * i + 2];
        }

        var fractions = new double[3 * _atoms.Count];
        for (var k = 0; k < _atoms.Count; k++)
        {
            var i = 3 * _atoms[k];
            (fractions[3 * k], fractions[3 * k + 1], fractions[3 * k + 2]) = cell.ToFractional(positions[i] - x, positions[i + 1] - y, positions[i + 2] - z);
        }

        _frames.Add(fractions);
        for (var k = 0; k < CellNumbers; k++)
        {
            _cell[k] += cell.Rows[k];
        }
    }

    /// <summary>What was measured.</summary>
    /// <exception cref="MofException">Fewer than <see cref="FewestFrames"/> frames (InvalidArgument).</exception>
    public Mobility Result()
    {
        if (_frames.Count < FewestFrames)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"mobility in a window of {_frames.Count} frames", expected: $"at least {FewestFrames}");
        }

        var cell = new Cell([.. _cell.Select(sum => sum / _frames.Count)]);
        var half = (_frames.Count - 1) / 2;
        var quarter = half / 2;
        double far = MeanSquare(half, cell), near = MeanSquare(quarter, cell);
        return new Mobility(far, near > 0 && far > 0 ? Math.Log(far / near) / Math.Log((double)half / quarter) : 0);
    }

    private double MeanSquare(int lag, Cell cell)
    {
        var sum = 0.0;
        for (var begin = 0; begin + lag < _frames.Count; begin++)
        {
            double[] a = _frames[begin], b = _frames[begin + lag];
            for (var k = 0; k < a.Length; k += 3)
            {
                var (x, y, z) = cell.ToCartesian(b[k] - a[k], b[k + 1] - a[k + 1], b[k + 2] - a[k + 2]);
                sum += x * x + y * y + z * z;
            }
        }

        return sum / ((_frames.Count - lag) * _atoms.Count);
    }
}
