using MofInterop.Potentials;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// Takes from labels what a potential of known form gives, so that a fit learns the rest. The same configuration always
/// gives the same object, which lets <see cref="SnapTrainer"/> recognise it. Not thread-safe; the potential is owned.
/// </summary>
public sealed class LabelBaseline : IDisposable
{
    private readonly IPotential _potential;
    private readonly PotentialEvaluator _evaluator;
    private readonly Dictionary<AtomicConfiguration, AtomicConfiguration> _reduced = new(ReferenceEqualityComparer.Instance);

    /// <summary>Prepares to subtract a potential.</summary>
    public LabelBaseline(IPotential potential)
    {
        ArgumentNullException.ThrowIfNull(potential);
        _potential = potential;
        _evaluator = new PotentialEvaluator(potential);
    }

    /// <summary>The configurations with energies, forces and stresses less those of the potential.</summary>
    /// <exception cref="MofException">A configuration has no label, or see <see cref="PotentialEvaluator.Evaluate"/>.</exception>
    public IReadOnlyList<AtomicConfiguration> Subtract(IReadOnlyList<AtomicConfiguration> configurations)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        return [.. configurations.Select(Subtract)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluator.Dispose();
        _potential.Dispose();
    }

    private AtomicConfiguration Subtract(AtomicConfiguration configuration)
    {
        if (_reduced.TryGetValue(configuration, out var known))
        {
            return known;
        }

        var label = configuration.Label
            ?? throw new MofException(ErrorKind.InvalidArgument, "a configuration without reference results cannot be trained on", expected: "energy and forces");
        var part = _evaluator.Evaluate(configuration);
        var rest = new ReferenceLabel(label.Energy - part.Energy, Difference(label.Forces, part.Forces), label.Stress is null || part.Stress is null ? label.Stress : Difference(label.Stress, part.Stress));
        return _reduced[configuration] = configuration.With(rest);
    }

    private static double[] Difference(double[] from, double[] part) => [.. from.Zip(part, (a, b) => a - b)];
}
