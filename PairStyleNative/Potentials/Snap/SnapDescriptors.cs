using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// The descriptors of one center as <see cref="SnapDescriptors"/> hands them out; the spans are reused for the next
/// center. With E_i = β₀ + β·B_i, center i pushes neighbour j with the force f = −β·∂B_i/∂r_j and itself with −f, and
/// adds r_ij ⊗ f to the virial.
/// </summary>
public readonly ref struct SnapAtomDescriptors
{
    /// <summary>The center: an index into the view.</summary>
    public required int Center { get; init; }

    /// <summary>The center's species.</summary>
    public required int Species { get; init; }

    /// <summary>B_i, <c>[BispectrumCount]</c>, in the order of <see cref="SnapIndices"/>.</summary>
    public required ReadOnlySpan<double> Bispectrum { get; init; }

    /// <summary>Neighbours inside their pair cutoffs: indices into the view (images included), <c>[n]</c>.</summary>
    public required ReadOnlySpan<int> Neighbors { get; init; }

    /// <summary>r_j − r_i, Å, <c>[n][3]</c>.</summary>
    public required ReadOnlySpan<double> Displacements { get; init; }

    /// <summary>∂B_i/∂r_j with r_i fixed, 1/Å, <c>[n][3][BispectrumCount]</c>; ∂B_i/∂r_i is minus the sum over neighbours.</summary>
    public required ReadOnlySpan<double> Derivatives { get; init; }
}

/// <summary>Takes the descriptors of one center after the other.</summary>
public interface ISnapDescriptorConsumer
{
    /// <summary>Called once a center, in the view's order, for centers of a species of the model only.</summary>
    void Accept(in SnapAtomDescriptors descriptors);
}

/// <summary>
/// Bispectrum components and their derivatives, for training: nothing is summed over centers, so that a consumer can
/// build energy, force and virial rows of any weighting. Coefficients of the model are not used.
/// One instance serves one thread.
/// </summary>
public sealed class SnapDescriptors
{
    private readonly SnapModel _model;
    private readonly SnapNeighborhood _neighborhood;
    private readonly SnapBispectrum _kernel;
    private readonly double[] _bispectrum;
    private double[] _derivatives = [];
    private double[] _displacements = [];
    private int[] _neighbors = [];

    /// <summary>Makes work space for a model.</summary>
    public SnapDescriptors(SnapModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _neighborhood = new SnapNeighborhood(model);
        _kernel = new SnapBispectrum(model);
        _bispectrum = new double[model.BispectrumCount];
    }

    /// <summary>The model whose parameters, radii and weights define the descriptors.</summary>
    public SnapModel Model => _model;

    /// <summary>Computes the descriptors of all centers and hands them to a consumer.</summary>
    /// <param name="atoms">Atoms and full neighbour lists reaching at least to the largest pair cutoff.</param>
    /// <param name="consumer">Takes them.</param>
    /// <param name="derivatives">False: only B is wanted; <see cref="SnapAtomDescriptors.Derivatives"/> is empty.</param>
    /// <returns>The first atom's fault that stopped the computation, or success.</returns>
    public EvaluationOutcome Compute(in NeighborView atoms, ISnapDescriptorConsumer consumer, bool derivatives = true)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var outcome = _neighborhood.Gather(atoms, place);
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }

            if (_neighborhood.CenterSpecies >= 0)
            {
                consumer.Accept(Describe(derivatives));
            }
        }

        return EvaluationOutcome.Success;
    }

    private SnapAtomDescriptors Describe(bool derivatives)
    {
        var found = _neighborhood.Neighbors;
        var width = 3 * _kernel.Count;
        if (_neighbors.Length < found.Length)
        {
            _neighbors = new int[2 * found.Length];
            _displacements = new double[6 * found.Length];
            _derivatives = new double[2 * found.Length * width];
        }

        _kernel.Compute(_neighborhood, _bispectrum);
        for (var n = 0; n < found.Length; n++)
        {
            _neighbors[n] = found[n].Atom;
            (_displacements[3 * n], _displacements[3 * n + 1], _displacements[3 * n + 2]) = (found[n].X, found[n].Y, found[n].Z);
            if (derivatives)
            {
                _kernel.ComputeDerivatives(found[n], _derivatives.AsSpan(n * width, width));
            }
        }

        return new SnapAtomDescriptors
        {
            Center = _neighborhood.Center,
            Species = _neighborhood.CenterSpecies,
            Bispectrum = _bispectrum,
            Neighbors = _neighbors.AsSpan(0, found.Length),
            Displacements = _displacements.AsSpan(0, 3 * found.Length),
            Derivatives = derivatives ? _derivatives.AsSpan(0, found.Length * width) : [],
        };
    }
}
