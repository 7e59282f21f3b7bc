using System.Collections.Concurrent;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// Streams a trajectory for analysis: LAMMPS text dumps and extended XYZ (also <c>.gz</c>). A second thread reads ahead by a few frames, whose arrays are used again and again, so that memory does not
/// depend on the length of the file. A file that ends inside a frame gives its whole frames; what was left out or repaired is in <see cref="Notes"/>.
/// </summary>
public sealed class TrajectoryReader : IDisposable
{
    private const int FramesAhead = 4;

    private readonly IFrameSource _source;
    private readonly TrajectoryStreamOptions _options;
    private readonly FrameSequence _sequence;
    private readonly Unwrapping? _unwrapping;
    private readonly List<string> _notes = [];
    private readonly TrajectoryFrame _first;
    private readonly long _bytesOfFrame;
    private bool _read;

    private TrajectoryReader(IFrameSource source, TrajectoryStreamOptions options)
    {
        _source = source;
        _options = options;
        _sequence = new FrameSequence(source.Lines.FilePath);
        _first = source.ReadFirst() ?? throw new MofException(ErrorKind.FileFormat, "the file holds no whole frame", source.Lines.FilePath, "at least one frame");
        _bytesOfFrame = source.Lines.BytesGiven;
        Reconstructs = options.Unwrap && source.Unwrapped != true;
        _unwrapping = Reconstructs ? new Unwrapping() : null;
    }

    /// <summary>Opens a trajectory and looks at its first frame.</summary>
    /// <param name="path">A LAMMPS dump (<c>.dump</c>, <c>.lammpstrj</c>, <c>dump.*</c>) or extended XYZ (<c>.xyz</c>, <c>.extxyz</c>); <c>.gz</c> behind it is unpacked.</param>
    /// <param name="options">What the file does not say.</param>
    /// <exception cref="MofException">Missing, of an unknown format, without a whole frame, or a first frame that cannot be meant, with <c>file:line</c> (FileFormat).</exception>
    public static TrajectoryReader Open(string path, TrajectoryStreamOptions? options = null)
    {
        options ??= new TrajectoryStreamOptions();
        var source = SourceOf(path, options);
        try
        {
            return new TrajectoryReader(source, options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The atoms.</summary>
    public TrajectoryAtoms Atoms => _source.Atoms;

    /// <summary>Whether frames have velocities.</summary>
    public bool HasVelocities => _first.HasVelocities;

    /// <summary>Whether frames have a periodic cell.</summary>
    public bool Periodic => _first.Cell is not null;

    /// <summary>Whether paths through the boundaries are reconstructed from small steps.</summary>
    public bool Reconstructs { get; }

    /// <summary>Steps from one frame of the file to the next; 0 before two were read.</summary>
    public long StepsBetweenFrames => _sequence.Interval;

    /// <summary>About how many frames will be delivered, from the size of the file and of its first frame; a guess for packed files.</summary>
    public long EstimatedFrames
    {
        get
        {
            var inFile = Math.Max(1, _source.Lines.Length / Math.Max(1, _bytesOfFrame));
            return Math.Max(1, (Math.Min(inFile, _options.To ?? long.MaxValue) - _options.From + _options.Every) / _options.Every);
        }
    }

    /// <summary>The part of the file that was read, 0 to 1.</summary>
    public double Fraction => _source.Lines.Length == 0 ? 1 : Math.Min(1, (double)_source.Lines.BytesRead / _source.Lines.Length);

    /// <summary>What was left out or repaired, as sentences; complete when all frames were read.</summary>
    public IReadOnlyList<string> Notes => [.. _notes, .. _sequence.Notes()];

    /// <summary>The frames in order, once; each is valid until the next one is asked for.</summary>
    /// <exception cref="MofException">
    /// The file says something that a trajectory does not say, its atoms change, a value is not finite, or paths cannot be reconstructed (FileFormat); it was read before (Internal).
    /// </exception>
    public IEnumerable<TrajectoryFrame> Frames(CancellationToken cancellation = default)
    {
        if (_read)
        {
            throw ReadTwice();
        }

        _read = true;
        return ReadAhead(1, cancellation).Select(frames => frames[0]);
    }

    /// <summary>The same in batches of so many frames (the last has fewer), all of whose arrays are valid until the next batch is asked for.</summary>
    /// <inheritdoc cref="Frames"/>
    public IEnumerable<IReadOnlyList<TrajectoryFrame>> Batches(int size, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (_read)
        {
            throw ReadTwice();
        }

        _read = true;
        return ReadAhead(size, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Whether a name is one of a LAMMPS dump; else it is taken for extended XYZ.</summary>
    internal static bool IsDump(string path)
    {
        var name = Path.GetFileName(path);
        name = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        bool Ends(string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
        return Ends(".dump") || Ends(".lammpstrj") || name.StartsWith("dump.", StringComparison.OrdinalIgnoreCase) ? true
            : Ends("xyz") ? false
            : throw new MofException(ErrorKind.FileFormat, "the name does not tell the format of this trajectory", path, ".lammpstrj, .dump or dump.* (LAMMPS), .xyz or .extxyz (extended XYZ); .gz may follow");
    }

    private static IFrameSource SourceOf(string path, TrajectoryStreamOptions options) => IsDump(path) ? new LammpsDumpSource(path, options) : new ExtendedXyzSource(path, options);

    private MofException ReadTwice() => new(ErrorKind.Internal, "the frames of a reader were asked for twice", _source.Lines.FilePath);

    private IEnumerable<IReadOnlyList<TrajectoryFrame>> ReadAhead(int size, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var filled = new BlockingCollection<TrajectoryFrame>();
        using var empty = new BlockingCollection<TrajectoryFrame>();
        for (var k = 0; k < Math.Max(FramesAhead, 3 * size); k++)
        {
            empty.Add(new TrajectoryFrame(Atoms.Count), CancellationToken.None);
        }

        var reading = Task.Factory.StartNew(() => Fill(empty, filled, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var batch = new List<TrajectoryFrame>(size);
            do
            {
                batch.ForEach(frame => empty.Add(frame, CancellationToken.None));
                batch.Clear();
                while (batch.Count < size && filled.TryTake(out var frame, Timeout.Infinite, cancellation))
                {
                    batch.Add(frame);
                }

                if (batch.Count > 0)
                {
                    yield return batch;
                }
            }
            while (batch.Count > 0);

            // What ended the reading: nothing, or its error.
            reading.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }
    }

    private void Fill(BlockingCollection<TrajectoryFrame> empty, BlockingCollection<TrajectoryFrame> filled, CancellationToken stop)
    {
        try
        {
            var place = 0L;
            var delivered = 0L;
            var continues = true;
            TrajectoryFrame? frame = _first;
            var read = FrameRead.Whole;
            for (var first = true; ; first = false)
            {
                stop.ThrowIfCancellationRequested();
                var wanted = Wanted(place + 1);
                if (!first)
                {
                    frame ??= wanted ? empty.Take(stop) : null;
                    read = wanted ? _source.Read(frame!) : _source.Skip();
                }

                if (read != FrameRead.Whole)
                {
                    NoteCut(read);
                    return;
                }

                // A frame that came again is no frame: the next one has its place.
                if (!_sequence.Accept(_source.Step, out var follows))
                {
                    continue;
                }

                continues &= follows;
                place++;
                if (wanted)
                {
                    Deliver(frame!, ref delivered, ref continues, filled);
                    frame = null;
                }
                else
                {
                    frame = first ? null : frame;
                }

                if (place >= _options.To)
                {
                    return;
                }
            }
        }
        finally
        {
            filled.CompleteAdding();
        }
    }

    private bool Wanted(long place) => place >= _options.From && (place - _options.From) % _options.Every == 0;

    private void Deliver(TrajectoryFrame frame, ref long delivered, ref bool continues, BlockingCollection<TrajectoryFrame> filled)
    {
        frame.Index = delivered++;
        frame.Continues = continues && frame.Index > 0;
        continues = true;
        _unwrapping?.Apply(frame, $"{_source.Lines.FilePath}, step {frame.Step}");
        filled.Add(frame, CancellationToken.None);
    }

    private void NoteCut(FrameRead read)
    {
        if (read == FrameRead.Cut || _source.Lines.EndsInsideLine)
        {
            _notes.Add(TrajectoryNotes.CutFrame(_source.Lines.FilePath, _source.Lines.Number + 1));
        }
    }
}
