using MofInterop.Potentials;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>Errors of a potential on a named set (training, held out, generation 3).</summary>
/// <param name="Set">Its name.</param>
/// <param name="Configurations">How many configurations.</param>
/// <param name="Energy">meV/atom.</param>
/// <param name="Force">meV/Å, every component.</param>
/// <param name="Stress">MPa, six components each; empty without reference stress.</param>
public sealed record ErrorReport(string Set, int Configurations, QuantityErrors Energy, QuantityErrors Force, QuantityErrors Stress)
{
    private const double Thousand = 1000;

    /// <summary>Evaluates a potential on labelled configurations; force components that are NaN in the reference are left out.</summary>
    /// <param name="set">Its name.</param>
    /// <param name="potential">What predicts.</param>
    /// <param name="configurations">Labelled.</param>
    /// <param name="settings">Whose weights the weighted errors take; null: none are wanted.</param>
    /// <exception cref="MofException">A configuration without a label, with an unknown species, or that the potential cannot compute.</exception>
    public static ErrorReport Evaluate(string set, IPotential potential, IReadOnlyList<AtomicConfiguration> configurations, SnapTrainingSettings? settings = null) =>
        EvaluateGroups(set, potential, configurations, _ => null, settings)[0];

    /// <summary>Compares predictions of whatever origin with labels.</summary>
    /// <param name="set">Its name.</param>
    /// <param name="configurations">Labelled.</param>
    /// <param name="predictions">One for each.</param>
    /// <exception cref="MofException">A configuration without a label.</exception>
    public static ErrorReport Compare(string set, IReadOnlyList<AtomicConfiguration> configurations, IReadOnlyList<ReferenceLabel> predictions)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(predictions);
        var all = new Comparisons(set, null);
        for (var k = 0; k < configurations.Count; k++)
        {
            all.Add(configurations[k], LabelOf(configurations[k], k, set), predictions[k]);
        }

        return all.Report;
    }

    /// <summary>The report of a set and those of its groups (see <see cref="ConfigurationGroups"/>) in the order in which they first come; configurations without a group count in the first only.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public static IReadOnlyList<ErrorReport> EvaluateGroups(string set, IPotential potential, IReadOnlyList<AtomicConfiguration> configurations, SnapTrainingSettings? settings = null) =>
        EvaluateGroups(set, potential, configurations, ConfigurationGroups.Of, settings);

    /// <summary>The same by groups of any kind; each configuration is computed once, and its prediction is not kept.</summary>
    /// <param name="set">Name of the set.</param>
    /// <param name="potential">What predicts.</param>
    /// <param name="configurations">Labelled.</param>
    /// <param name="groupOf">The group of a configuration, or null.</param>
    /// <param name="settings">Whose weights the weighted errors take; null: none are wanted.</param>
    /// <exception cref="MofException">See <see cref="Evaluate"/>.</exception>
    public static IReadOnlyList<ErrorReport> EvaluateGroups(string set, IPotential potential, IReadOnlyList<AtomicConfiguration> configurations, Func<AtomicConfiguration, string?> groupOf, SnapTrainingSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(potential);
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(groupOf);
        using var evaluator = new PotentialEvaluator(potential);
        var all = new Comparisons(set, settings);
        var groups = new List<Comparisons>();
        for (var k = 0; k < configurations.Count; k++)
        {
            var configuration = configurations[k];
            var label = LabelOf(configuration, k, set);
            var prediction = evaluator.Evaluate(configuration);
            all.Add(configuration, label, prediction);
            if (groupOf(configuration) is { } name)
            {
                var group = groups.Find(one => one.Set == name);
                if (group is null)
                {
                    groups.Add(group = new Comparisons(name, settings));
                }

                group.Add(configuration, label, prediction);
            }
        }

        return [all.Report, .. groups.Select(group => group.Report)];
    }

    private static ReferenceLabel LabelOf(AtomicConfiguration configuration, int index, string set) => configuration.Label
        ?? throw new MofException(ErrorKind.InvalidArgument, "no reference results to compare with", where: $"configuration {index} of the {set} set");

    /// <summary>What is summed up of a set or a group.</summary>
    private sealed class Comparisons(string set, SnapTrainingSettings? settings)
    {
        private readonly QuantityComparison _energies = new("energy", "meV/atom", "eV/atom", 1, Thousand);
        private readonly QuantityComparison _forces = new("force", "meV/Å", "eV/Å", 1, Thousand);
        private readonly QuantityComparison _stresses = new("stress", "MPa", "MPa", PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal, 1);
        private int _count;

        public string Set => set;

        public ErrorReport Report => new(
            set, _count, _energies.Errors(settings is not null, relative: true), _forces.Errors(settings is not null, relative: false), _stresses.Errors(settings is not null, relative: false));

        public void Add(AtomicConfiguration configuration, ReferenceLabel label, ReferenceLabel prediction)
        {
            _count++;
            var weights = settings?.RowWeightsOf(configuration) ?? new RowWeights(1, 1, 1);
            _energies.Add(label.Energy / configuration.Count, prediction.Energy / configuration.Count, weights.Energy);
            _forces.Add(label.Forces, prediction.Forces, weights.Force);
            if (label.Stress is not null && prediction.Stress is not null)
            {
                _stresses.Add(label.Stress, prediction.Stress, weights.Stress);
            }
        }
    }
}
