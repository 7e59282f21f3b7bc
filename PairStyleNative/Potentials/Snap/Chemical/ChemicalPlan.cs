using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap.Chemical;

/// <summary>
/// What the fast kernel needs besides <see cref="SnapPlan"/> for models with <c>chemflag</c>. Immutable, shared by all threads.
/// </summary>
/// <remarks>
/// With one density a species, U^κ, the invariant I of (x,κ), (y,λ), (z,μ), Σ U_z^μ*·Z_xyz^κλ/(z+1), is the same for every
/// order of the three; B(κ,λ,μ; j1,j2,j) is j + 1 times that of (j1,κ), (j2,λ), (j,μ), or I itself with <c>bnormflag</c>.
/// Hence E = Σ β·B has the gradient Y_z^μ = Σ β′·Z_xyz^κλ over the unordered pairs (x,κ), (y,λ), where β′ gathers the β of
/// all components made of the three, and each component counts once for every one of its three that can be (z,μ).
/// The same lists of products serve all pairs of densities: those with x &gt; y every ordered pair κ, λ, those with x = y
/// each κ = λ (swapped products merged) and each unordered pair κ &gt; λ (all products). Thus Y of n densities costs n²
/// times that of one, and every Z goes to n planes. Weights and invariants are arrays <c>[κ][λ][μ][triples]</c>, in which
/// the places x = y, κ &lt; λ are not used.
/// </remarks>
internal sealed unsafe class ChemicalPlan : ISnapWeights, IDisposable
{
    private readonly BispectrumIndex[] _components;
    private readonly Dictionary<(int X, int Y, int Z), int> _triples = [];
    private readonly (int Place, double Factor)[] _terms;
    private readonly NativeArray<double> _weights = new();

    /// <summary>Builds the lists of a model with <c>chemflag</c>.</summary>
    public ChemicalPlan(SnapModel model, int vectorSize)
    {
        Layers = new SnapPlan(model, vectorSize);
        DensityCount = model.Species.Count;
        var twoJMax = model.Parameters.TwoJMax;
        var unmerged = new SnapProducts(twoJMax, model.Parameters.Normalized, oneDensity: false);
        Different = new SnapBlocks(Layers.Products, vectorSize, triple => triple.X > triple.Y);
        EqualOfOneDensity = new SnapBlocks(Layers.Products, vectorSize, triple => triple.X == triple.Y);
        EqualOfTwoDensities = new SnapBlocks(unmerged, vectorSize, triple => triple.X == triple.Y);
        _components = SnapIndices.Components(twoJMax);
        for (var t = 0; t < Layers.TripleCount; t++)
        {
            _triples.Add(Layers.Products.Triples[t], t);
        }

        _terms = [.. Enumerable.Range(0, model.BispectrumCount).SelectMany(TermsOf)];
        SnapPlan.FillWeights(model, this, _weights);
    }

    /// <summary>Rows, elements and slopes of one density.</summary>
    public SnapPlan Layers { get; }

    /// <summary>Number of densities, one a species.</summary>
    public int DensityCount { get; }

    /// <summary>Blocks x &gt; y.</summary>
    public SnapBlocks Different { get; }

    /// <summary>Blocks x = y of κ = λ.</summary>
    public SnapBlocks EqualOfOneDensity { get; }

    /// <summary>Blocks x = y of κ &gt; λ.</summary>
    public SnapBlocks EqualOfTwoDensities { get; }

    /// <inheritdoc/>
    public int WeightCount => DensityCount * DensityCount * DensityCount * Layers.TripleCount;

    /// <summary>β′, <c>double[species][WeightCount]</c>.</summary>
    public double* Weights => _weights.Pointer;

    /// <inheritdoc/>
    public void FillWeights(ReadOnlySpan<double> beta, Span<double> weights)
    {
        weights.Clear();
        for (var k = 0; k < _terms.Length; k++)
        {
            weights[_terms[k].Place] += _terms[k].Factor * beta[k / 3];
        }
    }

    /// <inheritdoc/>
    public int InvariantOf(int component)
    {
        var (j1, j2, j) = _components[component % _components.Length];
        var (first, second, third) = SnapIndices.DensitiesOf(component / _components.Length, DensityCount);
        return PlaceOf((j1, first), (j2, second), (j, third));
    }

    /// <inheritdoc/>
    public double ScaleOf(int component) => Layers.Model.Parameters.Normalized ? 1.0 / (_components[component % _components.Length].J + 1) : 1;

    /// <inheritdoc/>
    public void Dispose()
    {
        Layers.Dispose();
        Different.Dispose();
        EqualOfOneDensity.Dispose();
        EqualOfTwoDensities.Dispose();
        _weights.Dispose();
    }

    private IEnumerable<(int Place, double Factor)> TermsOf(int component)
    {
        var (j1, j2, j) = _components[component % _components.Length];
        var (first, second, third) = SnapIndices.DensitiesOf(component / _components.Length, DensityCount);
        var scale = Layers.Model.Parameters.Normalized ? 1.0 : j + 1;
        yield return (PlaceOf((j1, first), (j2, second), (j, third)), scale / (j + 1));
        yield return (PlaceOf((j1, first), (j, third), (j2, second)), scale / (j2 + 1));
        yield return (PlaceOf((j2, second), (j, third), (j1, first)), scale / (j1 + 1));
    }

    // The place of Z_z^μ made of a and b; the larger layer, then the larger density, is the first factor.
    private int PlaceOf((int Layer, int Density) a, (int Layer, int Density) b, (int Layer, int Density) z)
    {
        if (a.CompareTo(b) < 0)
        {
            (a, b) = (b, a);
        }

        return ((a.Density * DensityCount + b.Density) * DensityCount + z.Density) * Layers.TripleCount + _triples[(a.Layer, b.Layer, z.Layer)];
    }
}
