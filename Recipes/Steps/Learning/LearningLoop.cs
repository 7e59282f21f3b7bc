using System.Globalization;
using System.Text.Json.Nodes;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// The generations of one active-learning step. Everything expensive is a unit of work; the rest is recomputed on resume and,
/// being seeded and ordered by index, comes out the same.
/// </summary>
internal sealed class LearningLoop : IDisposable
{
    private readonly ActiveLearningOptions _options;
    private readonly TypedStructure _structure;
    private readonly GenerationLabels _labels;
    private readonly DynamicsRuns _dynamics;
    private readonly StepContext _context;
    private readonly CbadSelection _selection;
    private readonly PotentialFit _fit;
    private readonly List<AtomicConfiguration> _training = [];
    private readonly List<GenerationRecord> _history = [];
    private readonly GrowingTestSet _test;
    private readonly RunChooser _chooser;
    private FittedPotential? _potential;
    private int _given;

    public LearningLoop(ActiveLearningOptions options, TypedStructure structure, ReferenceLabels labels, DynamicsRuns dynamics, StepContext context)
    {
        _options = options;
        _structure = structure;
        _labels = new GenerationLabels(labels, options.CloseLabels, context);
        _dynamics = dynamics;
        _context = context;
        _selection = new CbadSelection(structure.Graph, structure.Configuration.Types!, options.Selection.Resolutions);
        _test = new GrowingTestSet(options.TestFraction.Value);
        _fit = new PotentialFit(options, structure, context, labels.Method);
        _chooser = new RunChooser(options, structure, _selection, _fit, context.Cores);
    }

    /// <summary>All labelled frames in the order in which they joined.</summary>
    public IReadOnlyList<AtomicConfiguration> Training => _training;

    /// <summary>Labelled frames that never joined a fit.</summary>
    public IReadOnlyList<AtomicConfiguration> Test => _test.Frames;

    /// <summary>What each generation did.</summary>
    public IReadOnlyList<GenerationRecord> History => _history;

    /// <summary>Labelled frames that join before all others and occupy their bins.</summary>
    public void BeginWith(IReadOnlyList<AtomicConfiguration> frames)
    {
        foreach (var frame in frames)
        {
            _selection.Offer(frame);
        }

        _training.AddRange(frames);
        _given = frames.Count;
        if (_options.Groups?.Keys.Except(frames.Select(ConfigurationGroups.Of).OfType<string>()).ToArray() is { Length: > 0 } empty)
        {
            _context.Warn($"groups with weights that none of the first frames is in: {string.Join(", ", empty)}");
        }

        _context.Say($"{frames.Count} labelled frames begin the training set");
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var copies = DistortedCopies(_options.Initial.Copies, _options.Initial.Distortion, "copy");
        var chosen = FrameChoice.OfCopies(copies, _selection, _options.Initial.AtMost);
        foreach (var choice in chosen)
        {
            Join(0, choice, cancellation);
        }

        await CloseGenerationAsync(0, null, [], copies.Count, chosen, new GenerationProgress(), last: false, cancellation).ConfigureAwait(false);
        var generation = 0;
        foreach (var plan in _options.Generations)
        {
            for (var round = 1; ; round++)
            {
                await ExploreAsync(++generation, round, plan, cancellation).ConfigureAwait(false);
                var last = _history[^1];
                if (last.Progress!.End is { } end)
                {
                    _context.Say($"active learning ends with generation {generation}: {end}");
                    await JoinLateAsync(generation, cancellation).ConfigureAwait(false);
                    return;
                }

                if (last.Progress.NotYet.Count == 0)
                {
                    break;
                }

                if (round == _options.Repeat!.AtMost)
                {
                    _context.Warn(string.Create(CultureInfo.InvariantCulture, $"{plan.Temperature.Value:0} K was left after {round} generations although {string.Join(" and ", last.Progress.NotYet)}"));
                    break;
                }
            }
        }
    }

    /// <summary>Writes the final potential into a folder; returns the path of its card.</summary>
    public string WriteModel(string folder) => _fit.WriteModel(_potential!, folder, _history, _selection.OccupiedCount);

    /// <summary>Reference against prediction of the final potential on all it was trained on.</summary>
    public Parity TrainingParity() => Parity.Of(LabelledErrors.Of(_potential!, "training", _training).Report);

    /// <inheritdoc/>
    public void Dispose() => _fit.Dispose();

    private List<AtomicConfiguration> DistortedCopies(int count, DistortionOptions distortion, string purpose)
    {
        var copies = new List<AtomicConfiguration>(count);
        for (var copy = 0; copy < count; copy++)
        {
            var random = new DeterministicRandom((ulong)_context.Seed(string.Create(CultureInfo.InvariantCulture, $"{purpose}/{copy}")));
            copies.Add(distortion.Distortion.Apply(_structure.Configuration, random));
        }

        return copies;
    }

    private async Task ExploreAsync(int generation, int round, GenerationOptions plan, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"generation-{generation:00}");
        var starts = DistortedCopies(plan.Runs, _options.Start, name + "/start");
        var frames = new FrameArchive[plan.Runs];
        using var examiner = _chooser.Examiner(_potential!, _training, cancellation);
        using var selection = new OrderedSelection(examiner, choice => Join(generation, choice, cancellation), _context.Cores);
        var exploring = _dynamics.ExploreAsync(name, plan, _potential!, starts, _options.Selection.WatchedGrade, async (index, run) =>
        {
            frames[index] = run.KeptFrames();
            await selection.AddAsync(index, frames[index], cancellation).ConfigureAwait(false);
        }, cancellation);
        _labels.GoOn(cancellation);
        var runs = await exploring.ConfigureAwait(false);
        var candidates = frames.Sum(run => run.Count);
        var lengths = FrameArchive.MeanCellLengths(frames);
        var progress = new GenerationProgress
        {
            Round = round,
            IntactFraction = runs.Count == 0 ? null : (double)runs.Count(run => run.Record.Intact) / runs.Count,
            MeanCellLengths = lengths,
            CellDrift = LearningCriteria.Drift(_history[^1].Progress?.MeanCellLengths, lengths),
        };
        await CloseGenerationAsync(generation, plan.Temperature.Value, [.. runs.Select(run => run.Record)], candidates, selection.Choices, progress, last: ReferenceEquals(plan, _options.Generations[^1]), cancellation).ConfigureAwait(false);
    }

    /// <summary>Labels what was chosen, tests the old potential on it, fits the new one, and writes the record.</summary>
    private async Task CloseGenerationAsync(int generation, double? temperature, IReadOnlyList<DynamicsRecord> runs, int candidates, IReadOnlyList<Choice> chosen, GenerationProgress progress, bool last, CancellationToken cancellation)
    {
        var closed = await _labels.LabelAsync(generation, chosen, last, cancellation).ConfigureAwait(false);
        var records = closed.Records;
        var joined = Labelled(closed, generation);
        if (_training.Count + joined.Count == 0)
        {
            throw new MofException(ErrorKind.ToolFailure, "no configuration could be labelled", _context.Name, remedy: $"The first reason: {(records.Count > 0 ? records[0].Failure : "no configuration was selected")}");
        }

        var before = _potential is null || joined.Count == 0 ? null : PotentialFit.ErrorsOf(_potential, joined);
        _training.AddRange(_test.Divide(joined));
        _potential = await _fit.FitAsync(generation, _training, cancellation).ConfigureAwait(false);
        var record = new GenerationRecord(
            generation, temperature, runs, candidates, [.. chosen.Select(choice => choice.Record)], records.Count(r => r.Label is null), before,
            _potential.Summary.Errors, _selection.OccupiedCount, _potential.Summary.Rank, _potential.Summary.Columns, _potential.Summary.ConditionNumber,
            records.Sum(r => r.Seconds))
        {
            RidgeCurve = _potential.Summary.RidgeCurve,
            Progress = progress with
            {
                Late = closed.Late,
                NewBinFraction = _selection.OccupiedCount == 0 ? null : (double)chosen.Sum(choice => choice.Record.NewBins) / _selection.OccupiedCount,
                TestErrors = _test.Frames.Count == 0 ? null : PotentialFit.ErrorsOf(_potential, _test.Frames),
            },
        };
        _history.Add(Decided(record));
        Announce(record);
    }

    /// <summary>When the loop has ended early, what was paid for joins all the same, and the potential is fitted once more.</summary>
    private async Task JoinLateAsync(int generation, CancellationToken cancellation)
    {
        if (_labels.LateCount == 0)
        {
            return;
        }

        var closed = await _labels.LabelAsync(generation, [], last: true, cancellation).ConfigureAwait(false);
        _training.AddRange(_test.Divide(Labelled(closed, generation)));
        _potential = await _fit.FitAsync(generation, _training, cancellation, again: true).ConfigureAwait(false);
        var last = _history[^1];
        var summary = _potential.Summary;
        _history[^1] = last with
        {
            ErrorsAfter = summary.Errors,
            Rank = summary.Rank,
            ConditionNumber = summary.ConditionNumber,
            SetAside = last.SetAside + closed.Records.Count(record => record.Label is null),
            LabelSeconds = last.LabelSeconds + closed.Records.Sum(record => record.Seconds),
            Progress = last.Progress! with { TestErrors = _test.Frames.Count == 0 ? null : PotentialFit.ErrorsOf(_potential, _test.Frames) },
        };
        _context.Say(string.Create(CultureInfo.InvariantCulture, $"{closed.Records.Count} late labels joined after the end; training error of {summary.Errors.Frames} frames {summary.Errors.EnergyRmse:0.00} meV/atom, {summary.Errors.ForceRmse:0} meV/Å"));
    }

    private static List<AtomicConfiguration> Labelled(ClosedLabels closed, int generation)
    {
        var labelled = new List<AtomicConfiguration>();
        for (var place = 0; place < closed.Records.Count; place++)
        {
            if (closed.Records[place].Label is { } label)
            {
                labelled.Add(Tagged(closed.Choices[place], generation).With(label));
            }
        }

        return labelled;
    }

    /// <summary>Holds a generation against the recipe's criteria: repeat the temperature, go on, or end.</summary>
    private GenerationRecord Decided(GenerationRecord record)
    {
        if (record.Temperature is null)
        {
            return record;
        }

        var unmet = _options.Stop is { } stop ? LearningCriteria.Unmet(stop.When, record) : null;
        var inRow = unmet is not { Count: 0 } ? 0 : 1 + Enumerable.Reverse(_history).TakeWhile(one => one.Progress?.StopUnmet is { Count: 0 }).Count();
        return record with
        {
            Progress = record.Progress! with
            {
                NotYet = _options.Repeat is { } repeat ? LearningCriteria.Unmet(repeat.Until, record) : [],
                StopUnmet = unmet,
                End = _options.Stop is { } reached && inRow >= reached.Generations ? string.Create(CultureInfo.InvariantCulture, $"every criterion of `stop` held for {inRow} generations in a row") : null,
            },
        };
    }

    private static AtomicConfiguration Tagged(Choice choice, int generation)
    {
        var configuration = choice.Configuration;
        return new AtomicConfiguration(configuration.Symbols, configuration.Positions, configuration.Cell, configuration.Periodic)
        {
            Types = configuration.Types,
            Info = new Dictionary<string, string>
            {
                ["generation"] = generation.ToString(CultureInfo.InvariantCulture),
                ["origin"] = choice.Record.Origin,
            },
        };
    }

    /// <summary>A configuration was chosen: its label need not wait for the rest of the generation.</summary>
    private void Join(int generation, Choice choice, CancellationToken cancellation)
    {
        choice.Record.Journal(_context, new JsonObject { ["generation"] = generation });
        _labels.Begin(choice, cancellation);
    }

    /// <summary>What generation 0 consists of.</summary>
    private string Beginning() => (_given, _options.Initial.Copies) switch
    {
        (0, _) => "random distortions",
        (_, 0) => $"{_given} given frames",
        _ => $"{_given} given frames and random distortions",
    };

    private void Announce(GenerationRecord record)
    {
        var where = record.Temperature is { } kelvin ? string.Create(CultureInfo.InvariantCulture, $"{kelvin:0} K, {record.Runs.Count(r => r.Intact)} of {record.Runs.Count} runs intact") : Beginning();
        var before = record.ErrorsBefore is { } old ? string.Create(CultureInfo.InvariantCulture, $"; on the new frames before fitting {old.EnergyRmse:0.00} meV/atom, {old.ForceRmse:0} meV/Å") : string.Empty;
        var now = record.ErrorsAfter;
        _context.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"generation {record.Generation} ({where}): {record.Selected.Count} new frames of {record.Candidates}{before}; training error of {now.Frames} frames {now.EnergyRmse:0.00} meV/atom, {now.ForceRmse:0} meV/Å, {now.StressRmse:0} MPa"));
    }
}
