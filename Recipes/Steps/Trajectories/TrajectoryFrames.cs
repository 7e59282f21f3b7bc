using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What became of the frames of one file.</summary>
/// <param name="File">As the recipe names it.</param>
/// <param name="Read">Frames in it.</param>
/// <param name="Candidates">Frames in the asked range with the structure's bonds.</param>
/// <param name="Broken">Frames in the range left out because bonds changed.</param>
/// <param name="Unlabelled">Frames in the range left out because they have no label and none is computed.</param>
/// <param name="Joined">Frames that joined.</param>
public sealed record TrajectoryFileRecord(string File, int Read, int Candidates, int Broken, int Unlabelled, int Joined);

/// <summary>What a trajectory step chose, and why.</summary>
/// <param name="Files">By file.</param>
/// <param name="Selected">By frame that joined.</param>
/// <param name="OccupiedBins">Bins of the selection; 0 where all frames join.</param>
/// <param name="Kept">Labels that were in the files.</param>
/// <param name="Computed">Labels that were computed.</param>
/// <param name="SetAside">Frames that got no label.</param>
/// <param name="Notes">What was left out of the files, and why.</param>
public sealed record TrajectoryRecord(
    IReadOnlyList<TrajectoryFileRecord> Files, IReadOnlyList<SelectionRecord> Selected, int OccupiedBins, IReadOnlyList<string> Notes, int Kept = 0, int Computed = 0, int SetAside = 0);

/// <summary>Reads, matches and selects the frames of a trajectory step.</summary>
internal sealed class TrajectoryFrames
{
    private const int FramesBetweenReports = 200;

    private readonly TrajectoryOptions _options;
    private readonly TypedStructure _structure;
    private readonly StepContext _context;
    private readonly TrajectoryFiles _files;
    private readonly CbadSelection _selection;
    private readonly List<SelectionRecord> _selected = [];
    private readonly List<string> _notes = [];

    public TrajectoryFrames(TrajectoryOptions options, TypedStructure structure, StepContext context)
    {
        _options = options;
        _structure = structure;
        _context = context;
        _files = new TrajectoryFiles(options, structure.Configuration, options.LabelFormat);
        _selection = new CbadSelection(structure.Graph, structure.Configuration.Types!, options.Selection.Resolutions);
    }

    /// <summary>Goes through all files; writes the frames that join as they are found.</summary>
    /// <param name="sources">Files by the names that messages give them.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="cancellation">Stops between frames.</param>
    /// <exception cref="MofException">A file cannot be read, or none of its frames is one of the structure.</exception>
    public TrajectoryRecord Select(IReadOnlyList<(string Name, string Path)> sources, string target, CancellationToken cancellation)
    {
        using var progress = _context.Progress("frames: files", sources.Count);
        using var writer = new StreamWriter(target);
        var records = new List<TrajectoryFileRecord>();
        foreach (var (name, path) in sources)
        {
            records.Add(SelectFile(name, path, records.Count, writer, progress, cancellation));
            progress.Report(records.Count);
        }

        return new TrajectoryRecord(records, _selected, _selection.OccupiedCount, _notes);
    }

    private TrajectoryFileRecord SelectFile(string name, string path, int run, StreamWriter writer, WorkProgress progress, CancellationToken cancellation)
    {
        var tally = new Tally();
        foreach (var frame in _files.Read(path, _notes.Add).Take(_options.To ?? int.MaxValue))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_selected.Count >= (_options.AtMost ?? int.MaxValue))
            {
                break;
            }

            var number = ++tally.Read;
            if (number % FramesBetweenReports == 0)
            {
                progress.Report(run, string.Create(CultureInfo.InvariantCulture, $"{number} frames of {name} read, {_selected.Count} chosen"));
            }

            if (_options.Wants(number) && Candidate(frame, name, tally) is { } ours && Offer(ours, name, run, number))
            {
                tally.Joined++;
                ExtendedXyz.Write(writer, Tagged(ours, name, number));
            }
        }

        Report(name, tally);
        return new TrajectoryFileRecord(name, tally.Read, tally.Candidates, tally.Broken, tally.Unlabelled, tally.Joined);
    }

    /// <summary>The frame with the structure's order and types; null when it is not one of the structure or lacks its label.</summary>
    private AtomicConfiguration? Candidate(AtomicConfiguration frame, string name, Tally tally)
    {
        // Found on the first frame that is one of the structure, then kept: the order does not change within a file.
        var known = tally.Matching;
        tally.Matching ??= Match(frame, name, tally);
        if (tally.Matching is null)
        {
            tally.Broken++;
            return null;
        }

        var reason = known is null ? null : AtomMatching.Obstacle(_structure.Configuration, frame);
        var ours = reason is null ? tally.Matching.Apply(frame) : null;
        reason ??= _structure.Graph.FindBreak(ours!);
        if (reason is not null)
        {
            tally.Mismatch ??= string.Create(CultureInfo.InvariantCulture, $"frame {tally.Read}: {reason}");
            tally.Broken++;
            return null;
        }

        if (_options.Labels == LabelSource.Keep && ours!.Label is null)
        {
            tally.Unlabelled++;
            return null;
        }

        tally.Candidates++;
        return ours;
    }

    private AtomMatching? Match(AtomicConfiguration frame, string name, Tally tally)
    {
        var found = AtomMatching.Find(_structure.Configuration, _structure.Graph, frame, out var reason);
        if (found is null)
        {
            tally.Mismatch ??= string.Create(CultureInfo.InvariantCulture, $"frame {tally.Read}: {reason}");
            return null;
        }

        if (found.ForeignType(frame) is { } foreign)
        {
            throw new MofException(ErrorKind.FileFormat, $"the file's atom types are not those of the structure: {foreign}", $"{name}, frame {tally.Read}", remedy: "Leave the types out of the file, or give the structure with the same bond tolerance.");
        }

        if (!found.IsIdentity)
        {
            _context.Say($"{name}: atoms were found in another order and are put into that of the structure");
        }

        return found;
    }

    private bool Offer(AtomicConfiguration frame, string name, int run, int number)
    {
        var origin = string.Create(CultureInfo.InvariantCulture, $"{name}, frame {number}");
        if (_options.Select == FrameSelection.All)
        {
            _selected.Add(new SelectionRecord(origin, run, number - 1, 0, []));
            return true;
        }

        var verdict = _selection.Offer(frame);
        if (verdict.Joins)
        {
            _selected.Add(SelectionRecord.Of(origin, run, number - 1, verdict));
        }

        return verdict.Joins;
    }

    private AtomicConfiguration Tagged(AtomicConfiguration frame, string name, int number) => new(frame.Symbols, frame.Positions, frame.Cell, frame.Periodic)
    {
        Types = frame.Types,
        Label = _options.Labels == LabelSource.Compute ? null : frame.Label,
        Info = new Dictionary<string, string>
        {
            [ConfigurationGroups.Key] = _options.Group ?? _context.Name,
            ["origin"] = string.Create(CultureInfo.InvariantCulture, $"{name}, frame {number}"),
        },
    };

    private void Report(string name, Tally tally)
    {
        if (tally.Matching is null && tally.Mismatch is not null)
        {
            throw new MofException(ErrorKind.FileFormat, $"no frame is one of the structure; {tally.Mismatch}", name, "the structure's atoms, in any order, in its cell, with its bonds", "Give the structure step the structure that the run began with, in the same cell.");
        }

        if (tally.Broken > 0)
        {
            _notes.Add($"{name}: {tally.Broken} frames whose bonds are not the structure's are left out; the first: {tally.Mismatch}");
        }

        if (tally.Unlabelled > 0)
        {
            _notes.Add($"{name}: {tally.Unlabelled} frames without a label are left out");
        }
    }

    /// <summary>Counts of one file.</summary>
    private sealed class Tally
    {
        public AtomMatching? Matching { get; set; }

        public string? Mismatch { get; set; }

        public int Read { get; set; }

        public int Candidates { get; set; }

        public int Broken { get; set; }

        public int Unlabelled { get; set; }

        public int Joined { get; set; }
    }
}
