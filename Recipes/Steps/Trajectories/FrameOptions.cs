using MofInterop.Engine;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Which frames a step looks at.</summary>
public sealed record FrameOptions : FileFrames
{
    /// <summary>The input through which a step takes frames of an earlier one.</summary>
    internal static StepInput Input { get; } = new("frames", "frames", "Frames that an earlier step made") { Optional = true };

    /// <summary>Time.</summary>
    [Parameter("Time between two frames of a file, for axes; left out: frames are counted.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity? Interval { get; init; }

    /// <summary>The frames, one at a time in memory.</summary>
    /// <param name="structure">Its cell serves runs that write none; may be null.</param>
    /// <param name="made">The file of an earlier step's frames, or null.</param>
    /// <param name="note">Told what is left out.</param>
    public IEnumerable<AnalysedFrame> Read(AtomicConfiguration? structure, string? made, Action<string> note)
    {
        var reader = Reader(structure);
        foreach (var (name, path) in Files.Select(file => (file.Written, file.Path)).Concat(made is null ? [] : new[] { ("frames", made) }))
        {
            var number = 0;
            foreach (var frame in reader.Read(path, note))
            {
                number++;
                if (number > To)
                {
                    break;
                }

                if (Wants(number))
                {
                    yield return new AnalysedFrame(name, number, Interval is { } interval ? (number - 1) * interval.In("ps") : null, frame);
                }
            }
        }
    }

    /// <summary>Looks at the beginning of each file before anything runs.</summary>
    internal void Check(string parameter, AtomicConfiguration? structure, StepCheck check)
    {
        CheckRange(parameter + ".", From, To, check);

        for (var k = 0; k < Files.Count; k++)
        {
            try
            {
                var first = Reader(structure).Read(Files[k].Path, _ => { }).FirstOrDefault();
                if (first is null)
                {
                    check.Problem($"{parameter}.files[{k + 1}]", $"'{Files[k].Written}' holds no whole frame");
                }
                else if (!first.Periodic)
                {
                    check.Problem($"{parameter}.files[{k + 1}]", $"the frames of '{Files[k].Written}' are not periodic", "a crystal with its cell");
                }
            }
            catch (MofException error)
            {
                check.Problem($"{parameter}.files[{k + 1}]", error);
            }
        }
    }

    private TrajectoryFiles Reader(AtomicConfiguration? structure) => new(this, structure);
}

/// <summary>A frame and where it is from.</summary>
/// <param name="File">As the recipe names it.</param>
/// <param name="Number">In its file, from 1.</param>
/// <param name="Picoseconds">Since the first frame of the file; null: not known.</param>
/// <param name="Configuration">The atoms.</param>
public sealed record AnalysedFrame(string File, int Number, double? Picoseconds, AtomicConfiguration Configuration);
