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
        Of(set, Predict(set, potential, configurations), settings);

    /// <summary>The report of a set and those of its groups (see <see cref="ConfigurationGroups"/>) in the order in which they first come; configurations without a group count in the first only.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public static IReadOnlyList<ErrorReport> EvaluateGroups(string set, IPotential potential, IReadOnlyList<AtomicConfiguration> configurations, SnapTrainingSettings? settings = null) =>
        EvaluateGroups(set, potential, configurations, ConfigurationGroups.Of, settings);

    /// <summary>The same by groups of any kind; each configuration is computed once.</summary>
    /// <param name="set">Name of the set.</param>
    /// <param name="potential">What predicts.</param>
    /// <param name="configurations">Labelled.</param>
    /// <param name="groupOf">The group of a configuration, or null.</param>
    /// <param name="settings">Whose weights the weighted errors take; null: none are wanted.</param>
    /// <exception cref="MofException">See <see cref="Evaluate"/>.</exception>
    public static IReadOnlyList<ErrorReport> EvaluateGroups(string set, IPotential potential, IReadOnlyList<AtomicConfiguration> configurations, Func<AtomicConfiguration, string?> groupOf, SnapTrainingSettings? settings = null)
    {
        var all = Predict(set, potential, configurations);
        var groups = all.GroupBy(pair => groupOf(pair.Configuration)).Where(group => group.Key is not null);
        return [Of(set, all, settings), .. groups.Select(group => Of(group.Key!, [.. group], settings))];
    }

    private static List<(AtomicConfiguration Configuration, ReferenceLabel Prediction)> Predict(string set, IPotential potential, IReadOnlyList<AtomicConfiguration> configurations)
    {
        ArgumentNullException.ThrowIfNull(potential);
        ArgumentNullException.ThrowIfNull(configurations);
        using var evaluator = new PotentialEvaluator(potential);
        var all = new List<(AtomicConfiguration, ReferenceLabel)>();
        foreach (var configuration in configurations)
        {
            if (configuration.Label is null)
            {
                throw new MofException(ErrorKind.InvalidArgument, "no reference results to compare with", where: $"configuration {all.Count} of the {set} set");
            }

            all.Add((configuration, evaluator.Evaluate(configuration)));
        }

        return all;
    }

    private static ErrorReport Of(string set, List<(AtomicConfiguration Configuration, ReferenceLabel Prediction)> pairs, SnapTrainingSettings? settings)
    {
        var energies = new QuantityComparison("energy", "meV/atom", "eV/atom", 1, Thousand);
        var forces = new QuantityComparison("force", "meV/Å", "eV/Å", 1, Thousand);
        var stresses = new QuantityComparison("stress", "MPa", "MPa", PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal, 1);
        foreach (var (configuration, prediction) in pairs)
        {
            var label = configuration.Label!;
            var weights = settings?.RowWeightsOf(configuration) ?? new RowWeights(1, 1, 1);
            energies.Add(label.Energy / configuration.Count, prediction.Energy / configuration.Count, weights.Energy);
            forces.Add(label.Forces, prediction.Forces, weights.Force);
            if (label.Stress is not null && prediction.Stress is not null)
            {
                stresses.Add(label.Stress, prediction.Stress, weights.Stress);
            }
        }

        var weighted = settings is not null;
        return new ErrorReport(set, pairs.Count, energies.Errors(weighted, relative: true), forces.Errors(weighted, relative: false), stresses.Errors(weighted, relative: false));
    }
}
