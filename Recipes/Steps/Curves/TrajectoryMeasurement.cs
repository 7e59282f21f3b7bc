using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Measures one trajectory in one pass.</summary>
public sealed class TrajectoryMeasurement : IDisposable
{
    private const double Degrees = 180 / Math.PI;

    private readonly MeasurementOptions _options;
    private readonly double _interval;
    private readonly PairDistribution? _pairs;
    private readonly List<AngleDistribution> _angles = [];
    private readonly List<DihedralDistribution> _dihedrals = [];
    private readonly List<CoordinationNumber> _coordination = [];
    private readonly MeanSquareDisplacement? _displacement;
    private readonly VelocitySpectrum? _spectrum;
    private readonly MeanVolume _volume = new();
    private readonly List<IFrameAnalysis> _analyses = [];

    private TrajectoryMeasurement(MeasurementOptions options, TrajectoryAtoms atoms, BondGraph? graph, double interval, long frames)
    {
        _options = options;
        _interval = interval;
        var groups = options.Groups == Grouping.Element ? AtomGroups.ByElement(atoms) : AtomGroups.ByType(atoms);
        _analyses.Add(_volume);
        if (options.Rdf is { } rdf)
        {
            _pairs = new PairDistribution(groups, new PairSettings { Cutoff = rdf.Cutoff.Value, BinWidth = rdf.Bin.Value });
            _analyses.Add(Thinned(_pairs));
        }

        _angles.AddRange(options.Angles.Select(angle => Angle(angle, atoms, graph)));
        _dihedrals.AddRange(options.Dihedrals.Select(dihedral => new DihedralDistribution(
            dihedral.Name, BondedAtoms.Dihedrals(Graph(graph, dihedral.Name), atoms, dihedral.Between), dihedral.Bin.Value * Degrees)));
        _coordination.AddRange(options.Coordination.Select(one => new CoordinationNumber(
            one.Name, AtomGroups.Named(atoms, one.Of), AtomGroups.Named(atoms, one.By), one.Cutoff.Value, one.Width.Value)));
        _analyses.AddRange(((IEnumerable<IFrameAnalysis>)[.. _angles, .. _dihedrals, .. _coordination]).Select(Thinned));
        if (options.Displacement is { } displacement)
        {
            RequireInterval();
            _displacement = new MeanSquareDisplacement(atoms, groups, Math.Max(2, frames / displacement.Segments));
            _analyses.Add(_displacement);
        }

        if (options.Spectrum is { } spectrum)
        {
            RequireInterval();
            _spectrum = new VelocitySpectrum(atoms, groups, interval, VelocitySpectrum.BlockFor(spectrum.Resolution.Value, interval));
            _analyses.Add(_spectrum);
        }
    }

    /// <summary>Reads a trajectory to its end and measures it.</summary>
    /// <param name="name">In results and messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="stream">What the file does not say; paths are unwrapped where the measurement needs them.</param>
    /// <param name="options">What is measured.</param>
    /// <param name="structure">The same atoms in the same order: their types, where the file has none, and bonds, for angles and dihedrals along them; null: not known.</param>
    /// <param name="interval">Time between frames that are delivered, fs; NaN: not known.</param>
    /// <param name="extra">Further analyses of the same pass, made for its atoms; may be null.</param>
    /// <param name="progress">Told the part that is done, 0 to 1; may be null.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">The file is no trajectory, or lacks what is measured.</exception>
    public static RunMeasurement Measure(
        string name, string path, TrajectoryStreamOptions stream, MeasurementOptions options, TypedStructure? structure, double interval,
        Func<TrajectoryAtoms, IFrameAnalysis>? extra = null, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        using var reader = TrajectoryReader.Open(path, stream with { Unwrap = options.NeedsPaths });
        if (options.NeedsVelocities && !reader.HasVelocities)
        {
            throw new MofException(
                ErrorKind.FileFormat, "a spectrum of a trajectory without velocities", path, "vx vy vz in a LAMMPS dump, momenta or velocities in extended XYZ",
                "Write velocities with the frames; positions alone do not give them to the accuracy of a spectrum.");
        }

        using var measurement = new TrajectoryMeasurement(options, Typed(reader.Atoms, structure, path), structure?.Graph, interval, reader.EstimatedFrames);
        IFrameAnalysis[] analyses = extra is null ? [.. measurement._analyses] : [.. measurement._analyses, extra(reader.Atoms)];
        try
        {
            var frames = TrajectoryPass.Run(reader, analyses, progress, cancellation);
            return measurement.Result(name, frames, reader);
        }
        catch (MofException problem) when (problem.Where is null)
        {
            throw new MofException(problem.Kind, problem.What, path, problem.Expected, problem.Remedy, problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pairs?.Dispose();

    /// <summary>The atoms with the structure's types where the trajectory has only elements.</summary>
    private static TrajectoryAtoms Typed(TrajectoryAtoms atoms, TypedStructure? structure, string path)
    {
        if (structure?.Configuration is not { } known)
        {
            return atoms;
        }

        if (known.Count != atoms.Count)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the trajectory holds {atoms.Count} atoms and the structure {known.Count}", path, "the same atoms in the same order");
        }

        var other = Enumerable.Range(0, atoms.Count).FirstOrDefault(k => known.Symbols[k] != atoms.Symbols[k], -1);
        return other >= 0
            ? throw new MofException(ErrorKind.InvalidArgument, $"atom {other + 1} of the trajectory is {atoms.Symbols[other]} and of the structure {known.Symbols[other]}", path, "the same atoms in the same order")
            : atoms.Labels.SequenceEqual(atoms.Symbols) ? atoms with { Labels = known.Types! } : atoms;
    }

    private RunMeasurement Result(string name, long frames, TrajectoryReader reader)
    {
        List<string> notes = [.. reader.Notes];
        if (reader.Reconstructs)
        {
            notes.Add($"{name}: paths through the boundaries were reconstructed from small steps");
        }

        if (_displacement is not null && _volume.Changes)
        {
            notes.Add($"{name}: the cell changes, and its breathing is in the displacements; constant volume is better for diffusion");
        }

        return new RunMeasurement
        {
            Name = name,
            Frames = frames,
            Interval = _interval,
            Volume = _volume.Mean,
            Notes = notes,
            Pairs = _pairs is null ? [] : [.. _pairs.Partial(), _pairs.Total()],
            Angles = [.. _angles.Select(one => one.Curve())],
            Dihedrals = [.. _dihedrals.Select(one => one.Curve())],
            Coordination = [.. _coordination.Select(one => one.Result())],
            Displacements = _displacement?.Segments() ?? [],
            Power = _spectrum?.Result(),
        };
    }

    private IFrameAnalysis Thinned(IFrameAnalysis analysis) => _options.StructureEvery == 1 ? analysis : new EveryNth(analysis, _options.StructureEvery);

    private static AngleDistribution Angle(AngleOptions options, TrajectoryAtoms atoms, BondGraph? graph)
    {
        var width = options.Bin.Value * Degrees;
        if (options.Cutoffs.Count == 0)
        {
            return new AngleDistribution(options.Name, BondedAtoms.Angles(Graph(graph, options.Name), atoms, options.Between), width);
        }

        return new AngleDistribution(
            options.Name, (AtomGroups.Named(atoms, options.Between[0]), options.Cutoffs[0].Value), AtomGroups.Named(atoms, options.Between[1]), (AtomGroups.Named(atoms, options.Between[2]), options.Cutoffs[^1].Value), width);
    }

    private static BondGraph Graph(BondGraph? graph, string name) => graph
        ?? throw new MofException(ErrorKind.InvalidArgument, $"the angle {name} along bonds without a structure", expected: "a structure whose bonds are known, or cutoffs");

    private void RequireInterval()
    {
        if (!(_interval > 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, "the time between frames is not known", expected: "interval: 2 fs, for example");
        }
    }

    /// <summary>Every n-th frame of those that another analysis would get.</summary>
    private sealed class EveryNth(IFrameAnalysis inner, int every) : IFrameAnalysis
    {
        public void Add(TrajectoryFrame frame)
        {
            if (frame.Index % every == 0)
            {
                inner.Add(frame);
            }
        }
    }

    private sealed class MeanVolume : IFrameAnalysis
    {
        private double _sum;
        private double _first = double.NaN;
        private long _count;

        public double Mean => _count == 0 ? 0 : _sum / _count;

        public bool Changes { get; private set; }

        public void Add(TrajectoryFrame frame)
        {
            if (frame.Cell is { } cell)
            {
                _first = _count == 0 ? cell.Volume : _first;
                Changes |= Math.Abs(cell.Volume - _first) > 1e-9 * _first;
                _sum += cell.Volume;
                _count++;
            }
        }
    }
}

/// <summary>Angles and dihedrals along the bonds of a structure, by the names of their atoms.</summary>
internal static class BondedAtoms
{
    /// <summary>Every angle a–b–c once.</summary>
    /// <exception cref="MofException">There is none (InvalidArgument).</exception>
    public static IReadOnlyList<AtomTriple> Angles(BondGraph graph, TrajectoryAtoms atoms, IReadOnlyList<string> names)
    {
        var sets = names.Select(name => AtomGroups.Named(atoms, name).ToHashSet()).ToArray();
        var found = new List<AtomTriple>();
        foreach (var centre in sets[1].Order())
        {
            var neighbours = graph.NeighborsOf(centre);
            for (var i = 0; i < neighbours.Length; i++)
            {
                for (var j = i + 1; j < neighbours.Length; j++)
                {
                    int a = neighbours[i].Atom, c = neighbours[j].Atom;
                    if ((sets[0].Contains(a) && sets[2].Contains(c)) || (sets[0].Contains(c) && sets[2].Contains(a)))
                    {
                        found.Add(new AtomTriple(a, centre, c));
                    }
                }
            }
        }

        return found.Count > 0 ? found : throw None("angle", names);
    }

    /// <summary>Every dihedral a–b–c–d once.</summary>
    /// <exception cref="MofException">There is none (InvalidArgument).</exception>
    public static IReadOnlyList<AtomQuadruple> Dihedrals(BondGraph graph, TrajectoryAtoms atoms, IReadOnlyList<string> names)
    {
        var sets = names.Select(name => AtomGroups.Named(atoms, name).ToHashSet()).ToArray();
        var found = new HashSet<AtomQuadruple>();
        foreach (var b in sets[1].Order())
        {
            foreach (var c in graph.NeighborsOf(b).ToArray().Select(one => one.Atom).Where(sets[2].Contains))
            {
                foreach (var a in graph.NeighborsOf(b).ToArray().Select(one => one.Atom).Where(atom => atom != c && sets[0].Contains(atom)))
                {
                    foreach (var d in graph.NeighborsOf(c).ToArray().Select(one => one.Atom).Where(atom => atom != b && atom != a && sets[3].Contains(atom)))
                    {
                        if (!found.Contains(new AtomQuadruple(d, c, b, a)))
                        {
                            found.Add(new AtomQuadruple(a, b, c, d));
                        }
                    }
                }
            }
        }

        return found.Count > 0 ? [.. found] : throw None("dihedral", names);
    }

    private static MofException None(string what, IReadOnlyList<string> names) => new(
        ErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"the structure has no {what} {string.Join('-', names)} along its bonds"), expected: "names of atoms that are bonded in this order");
}
