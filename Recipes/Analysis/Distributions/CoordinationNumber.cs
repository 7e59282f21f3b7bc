using System.Globalization;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Analysis;

/// <summary>Coordination numbers against time.</summary>
/// <param name="Name">What was counted: <c>Zn-N</c>.</param>
/// <param name="Cutoff">Å.</param>
/// <param name="Width">Width of the step, Å; 0: sharp.</param>
/// <param name="Mean">Over atoms and frames, with the error by blocking.</param>
/// <param name="Series">Mean over atoms against time, each point the mean of <paramref name="FramesPerPoint"/> frames.</param>
/// <param name="FramesPerPoint">Frames of a point.</param>
/// <param name="Fractions">Part of the atoms with 0, 1, 2, … neighbours within the cutoff, over all frames.</param>
public sealed record CoordinationResult(string Name, double Cutoff, double Width, Estimate Mean, IReadOnlyList<double> Series, long FramesPerPoint, IReadOnlyList<double> Fractions);

/// <summary>
/// How many atoms of one kind an atom of another has near it. Each neighbour counts s(r): 1 below the cutoff (sharp), or 1/(1+exp((r−cutoff)/width)), which does not jump when an atom passes
/// (as in M. Sprik, Faraday Discuss. 110 (1998) 437). Distances are to nearest images.
/// </summary>
public sealed class CoordinationNumber : IFrameAnalysis
{
    // Where the smooth step is below 5e-9.
    private const double Tail = 19;

    private readonly string _name;
    private readonly int[] _centres;
    private readonly int[] _neighbours;
    private readonly double _cutoff;
    private readonly double _width;
    private readonly ThinnedSeries _series = new();
    private readonly List<long> _counts = [];

    /// <summary>Creates an empty counter.</summary>
    /// <param name="name">Of the result.</param>
    /// <param name="centres">Atoms whose neighbours are counted.</param>
    /// <param name="neighbours">What is counted; an atom is no neighbour of itself.</param>
    /// <param name="cutoff">Å.</param>
    /// <param name="width">Å; 0: sharp.</param>
    /// <exception cref="MofException">The cutoff is not positive or the width negative (InvalidArgument).</exception>
    public CoordinationNumber(string name, int[] centres, int[] neighbours, double cutoff, double width = 0)
    {
        if (!(cutoff > 0) || !(width >= 0) || centres.Length == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"coordination {name} of {centres.Length} atoms within {cutoff} angstrom, width {width} angstrom"), expected: "atoms, a positive cutoff, a width of 0 or more");
        }

        _name = name;
        _centres = centres;
        _neighbours = neighbours;
        _cutoff = cutoff;
        _width = width;
    }

    /// <inheritdoc/>
    public void Add(TrajectoryFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var images = new NearestImages(frame.Positions, frame.Cell, _cutoff + (_width > 0 ? Tail * _width : 0));
        var sum = 0.0;
        foreach (var centre in _centres)
        {
            var within = 0;
            foreach (var atom in _neighbours)
            {
                if (atom == centre)
                {
                    continue;
                }

                var distance = images.Between(centre, atom).Length;
                within += distance < _cutoff ? 1 : 0;
                sum += _width > 0 ? 1 / (1 + Math.Exp((distance - _cutoff) / _width)) : distance < _cutoff ? 1 : 0;
            }

            while (_counts.Count <= within)
            {
                _counts.Add(0);
            }

            _counts[within]++;
        }

        _series.Add(sum / _centres.Length);
    }

    /// <summary>What was counted.</summary>
    public CoordinationResult Result()
    {
        var atoms = Math.Max(1, _counts.Sum());
        return new CoordinationResult(_name, _cutoff, _width, _series.Average().Estimate, [.. _series.Points], _series.SamplesPerPoint, [.. _counts.Select(count => (double)count / atoms)]);
    }
}
