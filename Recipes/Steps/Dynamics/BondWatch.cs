using System.Globalization;
using MofInterop.Lammps;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>
/// Looks at the bond graph of a run, frame by frame: what follows a broken bond is another substance, unless the bond comes back in
/// time, or it is wanted how a bond goes.
/// </summary>
/// <param name="graph">The bonds.</param>
/// <param name="plan">How long a bond may be, and how long it may take to come back.</param>
internal sealed class BondWatch(BondGraph graph, PlannedRun plan)
{
    private readonly List<double> _excursions = [];
    private long? _brokenSince;
    private string _description = string.Empty;

    /// <summary>Which bond broke, and when; null: none did.</summary>
    public string? Problem { get; private set; }

    /// <summary>Step of the last frame looked at that was within the limits.</summary>
    public long LastStep { get; private set; }

    /// <summary>Step of the last frame with all bonds, before one broke.</summary>
    public long LastIntactStep { get; private set; }

    /// <summary>Number of such frames.</summary>
    public int IntactFrames { get; private set; }

    /// <summary>How long bonds were too long before they came back, fs; one number for every time.</summary>
    public IReadOnlyList<double> Excursions => _excursions;

    /// <summary>The frames that are worth keeping, until a bond is broken for good.</summary>
    public IEnumerable<LammpsFrame> Keep(IEnumerable<LammpsFrame> frames)
    {
        foreach (var frame in frames)
        {
            var found = graph.FindBreak(frame.Configuration);
            Note(frame.Step, found);
            var kept = found is null || graph.IsIntact(frame.Configuration, new IntegritySettings { MaximumFactor = plan.Stretch });
            if (Problem is not null && !kept)
            {
                yield break;
            }

            LastStep = frame.Step;
            if (kept)
            {
                yield return frame;
            }
        }
    }

    private void Note(long step, string? found)
    {
        if (Problem is not null)
        {
            return;
        }

        if (found is null)
        {
            if (_brokenSince is { } since)
            {
                _excursions.Add((step - since) * plan.TimeStep);
                _brokenSince = null;
            }

            LastIntactStep = step;
            IntactFrames++;
            return;
        }

        if (_brokenSince is null)
        {
            _brokenSince = step;
            _description = string.Create(CultureInfo.InvariantCulture, $"step {step}: {found}");
        }

        if ((step - _brokenSince) * plan.TimeStep >= plan.Recovery)
        {
            Problem = _description;
        }
    }
}
