using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What is known of a fit without its potential.</summary>
/// <param name="Errors">On the training set.</param>
/// <param name="Rank">Directions that the data determine.</param>
/// <param name="Columns">Coefficients.</param>
/// <param name="ConditionNumber">Of what is solved.</param>
/// <param name="Warnings">Sentences for the report.</param>
/// <param name="Sets">Errors by set: the whole training set and each generation's part of it.</param>
public sealed record FitSummary(ErrorRecord Errors, int Rank, int Columns, double ConditionNumber, IReadOnlyList<string> Warnings, IReadOnlyDictionary<string, ErrorRecord> Sets)
{
    /// <summary>How cross-validation chose the ridge; null where it was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RidgeCurve? RidgeCurve { get; init; }

    /// <summary>For a potential whose fit is not known here.</summary>
    internal static FitSummary None { get; } = new(new ErrorRecord(0, 0, 0, 0, 0, null, null), 0, 0, 0, [], new Dictionary<string, ErrorRecord>());
}

/// <summary>Fits potentials to growing training sets; each fit is a unit of work.</summary>
internal sealed class PotentialFit : IDisposable
{
    private const string SummaryFile = "fit.json";

    /// <summary>What a fit leaves; a fit of an earlier version that left less is made again.</summary>
    private const string FilesOfAFit = "card, coefficients, parameters, grades";

    /// <summary>The extrapolation grade of the most unusual atom of the training set.</summary>
    private const double EdgeOfTraining = 1;

    private readonly ActiveLearningOptions _options;
    private readonly TypedStructure _structure;
    private readonly StepContext _context;
    private readonly string _method;
    private readonly SnapTrainer _trainer;
    private readonly PotentialFiles _files;
    private readonly LabelBaseline? _baseline;

    public PotentialFit(ActiveLearningOptions options, TypedStructure structure, StepContext context, string method)
    {
        _options = options;
        _structure = structure;
        _context = context;
        _method = method;
        _trainer = new SnapTrainer(options.FitSettings, AtomTyping.Assign(structure.Graph).Types) { Threads = context.Cores };
        _files = new PotentialFiles(options.PotentialName, options.Zbl?.CardFor(structure.Species()));
        _baseline = options.Zbl?.BaselineFor(structure.Species());
    }

    /// <summary>Fits all labelled frames, in their order.</summary>
    /// <param name="generation">The last one whose frames are among them.</param>
    /// <param name="training">The frames.</param>
    /// <param name="cancellation">Stops.</param>
    /// <param name="again">A second fit of the generation, with frames whose labels came too late for the first.</param>
    public async Task<FittedPotential> FitAsync(int generation, IReadOnlyList<AtomicConfiguration> training, CancellationToken cancellation, bool again = false)
    {
        var unit = string.Create(CultureInfo.InvariantCulture, $"generation-{generation:00}/{(again ? "last-fit" : "fit")}");
        var folder = await _context.OnceAsync(unit, Fingerprint(training), (temporary, token) => Task.Run(() => Fit(generation, training, temporary, token), token), cancellation).ConfigureAwait(false);
        var summary = StepJson.Read<FitSummary>(Path.Combine(folder, SummaryFile));
        foreach (var warning in summary.Warnings)
        {
            _context.Warn($"fit of generation {generation}: {warning}");
        }

        return FittedPotential.FromCard(_files.CardIn(folder), summary);
    }

    /// <summary>A committee on labelled frames, without the repulsion, about which all members agree. All have the potential's ridge.</summary>
    public CommitteeDisagreement Committee(FittedPotential potential, IReadOnlyList<AtomicConfiguration> training, int members, CancellationToken cancellation) =>
        CommitteeDisagreement.Fit(_options.FitSettings.WithRidgeOf(potential.Summary.RidgeCurve), AtomTyping.Assign(_structure.Graph).Types, _baseline?.Subtract(training) ?? training, members, _context.Cores, cancellation);

    /// <summary>Errors of a potential on labelled frames.</summary>
    public static ErrorRecord ErrorsOf(FittedPotential potential, IReadOnlyList<AtomicConfiguration> frames) => LabelledErrors.Of(potential, "frames", frames).Record;

    /// <summary>Writes card and files; returns the card's path.</summary>
    public string WriteModel(FittedPotential potential, string folder, IReadOnlyList<GenerationRecord> history, int occupiedBins)
    {
        _files.Copy(Path.GetDirectoryName(potential.CardFile)!, folder);
        return _files.WriteCard(folder, _structure.Species(), card => card with
        {
            Reference = Reference,
            Errors = [potential.Summary.Errors.OnCard("training")],
            TrainedRange = new TrainedRange
            {
                MinimumTemperature = 0,
                MaximumTemperature = history.Max(g => g.Temperature) ?? 0,
                BondResolution = _options.Selection.Resolutions.Bond,
                AngleResolution = _options.Selection.Resolutions.Angle,
                DihedralResolution = _options.Selection.Resolutions.Dihedral,
                CellLengthResolution = _options.Selection.Resolutions.CellLength,
                CellAngleResolution = _options.Selection.Resolutions.CellAngle,
                OccupiedBins = occupiedBins,
                ExtrapolationThreshold = EdgeOfTraining,
            },
            Provenance = new Provenance { Recipe = _context.Name },
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainer.Dispose();
        _baseline?.Dispose();
    }

    private ReferenceMethod Reference => new(_method, ReferencePrograms.IncludesDispersion(_options.Reference));

    private void Fit(int generation, IReadOnlyList<AtomicConfiguration> training, string folder, CancellationToken cancellation)
    {
        using var progress = _context.Progress(string.Create(CultureInfo.InvariantCulture, $"fit of generation {generation}"), training.Count);
        var fit = _trainer.Fit(_baseline?.Subtract(training) ?? training, new FitProgress(progress), cancellation);
        var model = TrainingGrades.Grade(fit.Model, training, _context.Cores, cancellation);
        _files.WriteModel(folder, model, $"{_options.PotentialName}: {_options.Snap.Form} fitted to {training.Count} configurations, {_method}");
        var card = _files.WriteCard(folder, _structure.Species(), card => card with { Reference = Reference });
        using var fitted = PotentialLoader.Load(card);
        var reports = ErrorReport.EvaluateGroups("training", fitted, training, frame => "generation " + frame.Info["generation"]);
        var sets = reports.Skip(1).ToDictionary(report => report.Set, LabelledErrors.RecordOf);
        var condition = fit.Condition;
        StepJson.Write(Path.Combine(folder, SummaryFile), new FitSummary(LabelledErrors.RecordOf(reports[0]), condition.Rank, condition.Columns, condition.RegularizedConditionNumber, fit.Warnings, sets) { RidgeCurve = fit.RidgeCurve });
    }

    /// <summary>Frames by content: the same set in the same order is the same fit.</summary>
    private static string Fingerprint(IReadOnlyList<AtomicConfiguration> training)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FilesOfAFit));
        foreach (var frame in training)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{frame.Label!.Energy:R} {frame.Cell!.Volume:R}")));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(frame.Positions));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(frame.Label.Forces));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
