using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

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

    /// <summary>
    /// ∂B_i/∂r_j with r_i fixed, 1/Å, <c>[n][3][<see cref="DerivativeWidth"/>]</c>, each row as a row of a species' coefficients:
    /// 0 for the constant, the components, and 0 up to a whole number of cache lines, on which every row begins. ∂B_i/∂r_i is
    /// minus the sum over neighbours.
    /// </summary>
    public required ReadOnlySpan<double> Derivatives { get; init; }

    /// <summary>From row to row of <see cref="Derivatives"/>: 1 + BispectrumCount rounded up to a multiple of 8.</summary>
    public int DerivativeWidth => WidthOf(Bispectrum.Length);

    internal static int WidthOf(int components) => (1 + components + 7) / 8 * 8;
}

/// <summary>Takes the descriptors of one center after the other.</summary>
public interface ISnapDescriptorConsumer
{
    /// <summary>
    /// Called once for every center of a species of the model. The order is not the view's but depends only on the input.
    /// </summary>
    void Accept(in SnapAtomDescriptors descriptors);
}

/// <summary>
/// Bispectrum components and their derivatives, for training: nothing is summed over centers, so that a consumer can
/// build energy, force and virial rows of any weighting. Coefficients of the model are not used. The vector kernels do
/// the work, or, with <c>chemflag</c>, the scalar code. One instance serves one thread.
/// </summary>
public sealed class SnapDescriptors : IDisposable
{
    private readonly ISnapDescriptorEngine _engine;

    /// <summary>Makes work space for a model.</summary>
    public SnapDescriptors(SnapModel model)
        : this(model, Processor.WidestLanes)
    {
    }

    /// <summary>Makes work space for vectors of 8, 4 or 2 doubles, or 1 for the scalar implementation.</summary>
    internal SnapDescriptors(SnapModel model, int lanes)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _engine = (model.Parameters.Chemical ? 1 : lanes) switch
        {
            8 when Processor.Builds512 => new SnapDescriptorEngine<Lanes512>(model),
            4 when Processor.Builds256 => new SnapDescriptorEngine<Lanes256>(model),
            2 when Processor.Builds128 => new SnapDescriptorEngine<Lanes128>(model),
            1 => new ScalarDescriptorEngine(model),
            _ => throw Processor.NotBuilt(lanes),
        };
    }

    /// <summary>The model whose parameters, radii and weights define the descriptors.</summary>
    public SnapModel Model { get; }

    /// <summary>Computes the descriptors of all centers and hands them to a consumer.</summary>
    /// <param name="atoms">Atoms and full neighbour lists reaching at least to the largest pair cutoff.</param>
    /// <param name="consumer">Takes them.</param>
    /// <param name="derivatives">False: only B is wanted; <see cref="SnapAtomDescriptors.Derivatives"/> is empty.</param>
    /// <returns>The fault that stopped the computation, or success; the consumer may have been called before a fault.</returns>
    public EvaluationOutcome Compute(in NeighborView atoms, ISnapDescriptorConsumer consumer, bool derivatives = true)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        return _engine.Compute(atoms, consumer, derivatives);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
