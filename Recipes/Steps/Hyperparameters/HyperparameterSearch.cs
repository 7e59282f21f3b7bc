using System.Globalization;
using System.Text.Json.Nodes;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>
/// One search. Candidates of a generation are evaluated side by side, one core each; what they come to, and so the whole search, depends on neither cores nor
/// order. After a kill the search is made again from its beginning, and finds all that was evaluated.
/// </summary>
internal sealed class HyperparameterSearch
{
    private const int FewestMembers = 16, MembersForEachAxis = 4;

    private readonly HyperparameterOptions _options;
    private readonly SearchFrames _frames;
    private readonly StepContext _context;
    private readonly SearchSpace _space;
    private readonly CandidateEvaluator _evaluator;
    private readonly List<SearchGeneration> _generations = [];
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private HyperparameterObjective? _objective;
    private int _evaluations;

    public HyperparameterSearch(HyperparameterOptions options, SearchFrames frames, StepContext context)
    {
        _options = options;
        _frames = frames;
        _context = context;
        _space = SearchSpace.Of(options.Snap, options.Vary, frames.Types);
        var ridges = options.Vary.Ridge is { } range ? new RidgeSearch(2, range.From, range.To, range.PerDecade).Values : null;
        _evaluator = new CandidateEvaluator(frames, ridges, options.Groups, context);
    }

    /// <summary>Searches; the settings found, and how.</summary>
    /// <exception cref="MofException">No candidate of the first population could be fitted.</exception>
    public async Task<(SnapValues Values, HyperparameterRecord Record)> RunAsync(CancellationToken cancellation)
    {
        var settings = Evolution();
        var start = await _evaluator.EvaluateAsync(SnapValues.Of(_options.Snap, _frames.Types), cancellation).ConfigureAwait(false);
        _objective = new HyperparameterObjective(_options.Objective, _options.Snap, start.Failure is null ? start.Cost : 1);
        using var progress = _context.Progress("candidates", settings.Population * (settings.Generations + 1));
        var last = _space.Axes.Count == 0
            ? null
            : await DifferentialEvolution.MinimizeAsync(_space.Axes.Count, settings, _space.Start, (points, token) => EvaluateAsync(points, progress, token), NoteGeneration, cancellation).ConfigureAwait(false);
        var best = _space.At(last?.Best.Point ?? []);
        var values = SnapValues.Of(best, _frames.Types);
        var evaluation = await _evaluator.EvaluateAsync(values, cancellation).ConfigureAwait(false);
        var found = RecordOf(evaluation)
            ?? throw new MofException(ErrorKind.NumericalFailure, "the settings could not be fitted", _context.Name, remedy: evaluation.Failure);
        values = values with { Ridge = found.Ridge };
        return (values, Finish(RecordOf(start), found, values, best, last, settings));
    }

    private EvolutionSettings Evolution() => new()
    {
        Population = _options.Population ?? Math.Max(FewestMembers, MembersForEachAxis * _space.Axes.Count),
        Generations = _options.Generations,
        Strategy = _options.Strategy,
        Crossover = _options.Crossover,
        Tolerance = _options.Tolerance.Value,
        Seed = (ulong)_context.Seed("evolution"),
    };

    private async Task<IReadOnlyList<double>> EvaluateAsync(IReadOnlyList<double[]> points, WorkProgress progress, CancellationToken cancellation)
    {
        var evaluations = new CandidateEvaluation[points.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, points.Count),
            new ParallelOptions { MaxDegreeOfParallelism = _context.Cores, CancellationToken = cancellation },
            async (k, token) =>
            {
                var candidate = SnapValues.Of(_space.At(points[k]), _frames.Types);
                var known = _evaluator.IsKnown(candidate);
                evaluations[k] = await _evaluator.EvaluateAsync(candidate, token).ConfigureAwait(false);
                if (known)
                {
                    progress.Skip();
                }
                else
                {
                    progress.Advance(1, _generations.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"generation {_generations.Count}, best {_generations[^1].Best:0.000}"));
                }
            }).ConfigureAwait(false);
        _evaluations += points.Count;
        foreach (var failure in evaluations.Select(one => one.Failure).OfType<string>())
        {
            _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
        }

        double[] values = [.. evaluations.Select(one => _objective!.Of(one).Value)];
        return _generations.Count > 0 || values.Any(double.IsFinite)
            ? values
            : throw new MofException(ErrorKind.NumericalFailure, $"none of {values.Length} candidates could be fitted", _context.Name, remedy: $"The first reason: {evaluations[0].Failure}");
    }

    private void NoteGeneration(EvolutionState state)
    {
        double[] sorted = [.. state.Values.Order()];
        var generation = new SearchGeneration(state.Generation, state.Best.Value, sorted[sorted.Length / 2], state.Spread);
        _generations.Add(generation);
        _context.Record("generation-evolved", new JsonObject { ["generation"] = generation.Generation, ["best"] = generation.Best, ["candidates"] = _evaluations });
    }

    private CandidateRecord? RecordOf(CandidateEvaluation evaluation) =>
        _objective!.Of(evaluation) is (var value, { } point) ? new CandidateRecord(value, point.Errors, point.Ridge, evaluation.Neighbors) : null;

    private HyperparameterRecord Finish(CandidateRecord? start, CandidateRecord best, SnapValues values, SnapOptions options, EvolutionState? last, EvolutionSettings settings)
    {
        var from = SnapValues.Of(_options.Snap, _frames.Types).ToOptions();
        VariedParameter[] parameters = [.. _space.Axes.Select(axis => new VariedParameter(axis.Name, axis.Lowest, axis.Highest, axis.ValueOf(from), axis.ValueOf(options)))];
        foreach (var parameter in _space.Axes.Zip(parameters).Where(pair => pair.First.Open && (pair.Second.Best == pair.Second.From || pair.Second.Best == pair.Second.To)).Select(pair => pair.Second))
        {
            _context.Warn(string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} came to the end of its limits, {parameter.Best}: wider limits may give smaller errors"));
        }

        var end = last is null || last.Spread <= settings.Tolerance
            ? "the members agree"
            : string.Create(CultureInfo.InvariantCulture, $"all {settings.Generations} generations were made");
        _context.Say(string.Create(CultureInfo.InvariantCulture, $"{_evaluations} candidates, {end}: objective {start?.Objective ?? double.NaN:0.000} → {best.Objective:0.000}; {best.Errors.Energy:0.00} meV/atom, {best.Errors.Force:0} meV/Å, {best.Errors.Stress:0} MPa on frames not fitted"));
        var tested = _options.TestFrames is not null || _context.HasInput("test");
        return new HyperparameterRecord(
            _frames.Frames.Count,
            tested ? _frames.Folds.Count(fold => _frames.TestedFolds.Contains(fold)) : 0,
            tested ? 0 : _frames.TestedFolds.Count,
            start,
            best,
            parameters,
            _generations,
            _evaluations,
            _failures,
            end,
            values.ToRecipe());
    }
}
