using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Cubic;

namespace MofInterop.Potentials.Snap;

/// <summary>A row of the recursion of W: layer j from layer j − 1; places count complex numbers.</summary>
/// <param name="Source">Where the row of layer j − 1 starts in the half planes.</param>
/// <param name="Target">Where the row of layer j starts in the half planes.</param>
/// <param name="Length">j: the source row's length; the target's is one more.</param>
/// <param name="Middle">1 for the row 2mb = j, which is made with (b, a) instead of (a*, −b*).</param>
internal readonly record struct SnapRow(int Source, int Target, int Length, int Middle);

/// <summary>
/// What mirrors a full plane from a half plane, and what turns Y into force coefficients: one proper element.
/// </summary>
/// <param name="Half">Place in the half planes.</param>
/// <param name="Full">Place in the full planes.</param>
/// <param name="Mirror">Place of (j−ma,j−mb) in the full planes.</param>
/// <param name="Sign">(−1)^{ma+mb}.</param>
/// <param name="Weight">2, or 1 where the element is its own mirror image.</param>
internal readonly record struct SnapElement(int Half, int Full, int Mirror, double Sign, double Weight);

/// <summary>
/// One proper element (ma,mb) of layer j − 1 and the elements of layer j that its derivatives touch (<see cref="ForcePass"/>).
/// </summary>
/// <param name="Half">Place in the half planes.</param>
/// <param name="Below">Place of Y_j(ma,mb) in the full planes; (ma+1,mb) follows.</param>
/// <param name="Above">Place of Y_j(ma,mb+1) in the full planes; (ma+1,mb+1) follows.</param>
/// <param name="Lower">j − mb, times 2 or, where the element is its own mirror image, 1.</param>
/// <param name="Upper">mb + 1, times the same.</param>
internal readonly record struct SnapSlope(int Half, int Below, int Above, double Lower, double Upper);

/// <summary>
/// Everything the fast kernel needs besides atoms: index lists in unmanaged memory, shared by all threads, the same for
/// all lane widths. Immutable.
/// </summary>
internal sealed unsafe class SnapPlan : IDisposable
{
    private readonly NativeArray<SnapRow> _rows = new();
    private readonly NativeArray<SnapElement> _elements = new();
    private readonly NativeArray<SnapSlope> _slopes = new();
    private readonly NativeArray<double> _weights = new();
    private readonly Lazy<SnapProducts> _products;

    /// <summary>
    /// Builds the lists that all uses have in common; <see cref="PrepareForces"/>, or the use of <see cref="Products"/>, adds the rest. For
    /// a model with <c>chemflag</c> they are those of a single density.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="vectorSize">Bytes of a vector.</param>
    public SnapPlan(SnapModel model, int vectorSize)
    {
        VectorSize = vectorSize;
        Model = model;
        var twoJMax = model.Parameters.TwoJMax;
        HalfCount = SnapPlanes.HalfStart(twoJMax + 1);
        TopHalf = SnapPlanes.HalfStart(twoJMax);
        TopCount = SnapPlanes.ProperCount(twoJMax);
        FullCount = SnapIndices.LayerStart(twoJMax + 1);
        _products = new Lazy<SnapProducts>(() => new SnapProducts(twoJMax, model.Parameters.Normalized, leaveOut: model.Parameters.Chemical ? null : (x, y) => SnapSegments.LeftOut(twoJMax, x, y)));
        RowCount = _rows.Fill(MakeRows(twoJMax));
        LowerRowCount = RowCount - (twoJMax > 0 ? SnapPlanes.Rows(twoJMax) : 0);
        ElementCount = _elements.Fill(MakeElements(twoJMax));
        SlopeCount = _slopes.Fill(MakeSlopes(twoJMax));
    }

    /// <summary>The model.</summary>
    public SnapModel Model { get; }

    /// <summary>Bytes of a vector, which the offsets in blocks are made for.</summary>
    public int VectorSize { get; }

    /// <summary>The energy of a single density as a cubic form; made by <see cref="PrepareForces"/>.</summary>
    public CubicForm? Form { get; private set; }

    /// <summary>Its blocks, as the kernels read them; made by <see cref="PrepareForces"/>.</summary>
    public CubicBlocks<double>? Blocks { get; private set; }

    /// <summary>Number of weights of <see cref="Form"/>, and of invariants: one a component.</summary>
    public int WeightCount => Model.BispectrumCount;

    /// <summary>The same with factors in single precision; made by <see cref="PrepareMixedPrecision"/>.</summary>
    public CubicBlocks<float>? SingleBlocks { get; private set; }

    /// <summary>The products that make every Z, which several densities and the derivatives of single components need.</summary>
    public SnapProducts Products => _products.Value;

    /// <summary>Complex numbers in the half planes.</summary>
    public int HalfCount { get; }

    /// <summary>Complex numbers in the full planes.</summary>
    public int FullCount { get; }

    /// <summary>Number of triples (x,y,z) of <see cref="Products"/>.</summary>
    public int TripleCount => Products.Triples.Count;

    /// <summary>Number of <see cref="Rows"/>.</summary>
    public int RowCount { get; }

    /// <summary>Rows of the recursion, layer by layer.</summary>
    public SnapRow* Rows => _rows.Pointer;

    /// <summary>Number of <see cref="Elements"/>.</summary>
    public int ElementCount { get; }

    /// <summary>All elements of the proper half planes.</summary>
    public SnapElement* Elements => _elements.Pointer;

    /// <summary>Number of <see cref="Slopes"/>.</summary>
    public int SlopeCount { get; }

    /// <summary>All elements of the proper half planes of layers below 2J.</summary>
    public SnapSlope* Slopes => _slopes.Pointer;

    /// <summary>Where the half plane of the top layer, 2J, starts.</summary>
    public int TopHalf { get; }

    /// <summary>Complex numbers in the half planes below the top layer; of twojmax 0, in the only one.</summary>
    public int LowerHalfCount => Math.Max(TopHalf, 1);

    /// <summary>Rows of the recursion that make layers below the top one.</summary>
    public int LowerRowCount { get; }

    /// <summary>Elements of the top layer's proper half plane.</summary>
    public int TopCount { get; }

    /// <summary>β′ of <see cref="Form"/>, <c>double[species][weights]</c>.</summary>
    public double* Weights => _weights.Pointer;

    /// <summary>Makes what energies and forces of a single density need; while nothing is computed.</summary>
    /// <param name="other">A plan of the same model, prepared for vectors of another size; null: there is none.</param>
    public SnapPlan PrepareForces(SnapPlan? other = null)
    {
        Form = other?.Form ?? new CubicForm(Model.Parameters.TwoJMax, Model.Parameters.Normalized);
        Blocks = new CubicBlocks<double>(Form, VectorSize);
        FillWeights(Model, Form, _weights);
        return this;
    }

    /// <summary>Makes what mixed precision needs besides; while nothing is computed.</summary>
    public void PrepareMixedPrecision() => SingleBlocks ??= new CubicBlocks<float>(Form!, VectorSize);

    /// <inheritdoc/>
    public void Dispose()
    {
        IEnumerable<IDisposable?> all = [_rows, _elements, _slopes, _weights, Blocks, SingleBlocks];
        foreach (var array in all)
        {
            array?.Dispose();
        }
    }

    /// <summary>Fills β′, <c>double[species][WeightCount]</c>.</summary>
    public static void FillWeights(SnapModel model, ISnapWeights rule, NativeArray<double> weights)
    {
        var target = weights.Reserve((long)rule.WeightCount * model.Species.Count);
        foreach (var species in model.Species)
        {
            rule.FillWeights(species.Coefficients.Slice(1, model.BispectrumCount), new Span<double>(target, rule.WeightCount));
            target += rule.WeightCount;
        }
    }

    private static List<SnapRow> MakeRows(int twoJMax)
    {
        var rows = new List<SnapRow>();
        for (var j = 1; j <= twoJMax; j++)
        {
            for (var mb = 0; 2 * mb <= j; mb++)
            {
                var middle = 2 * mb == j;
                rows.Add(new SnapRow(SnapPlanes.HalfStart(j - 1) + (middle ? mb - 1 : mb) * j, SnapPlanes.HalfStart(j) + mb * (j + 1), j, middle ? 1 : 0));
            }
        }

        return rows;
    }

    private static List<SnapElement> MakeElements(int twoJMax)
    {
        var elements = new List<SnapElement>();
        for (var j = 0; j <= twoJMax; j++)
        {
            for (var k = 0; k < SnapPlanes.ProperCount(j); k++)
            {
                int ma = k % (j + 1), mb = k / (j + 1), start = SnapIndices.LayerStart(j);
                var own = 2 * ma == j && 2 * mb == j;
                elements.Add(new SnapElement(
                    SnapPlanes.HalfStart(j) + k, start + k, start + (j - mb) * (j + 1) + j - ma, (ma + mb) % 2 == 0 ? 1 : -1, own ? 1 : 2));
            }
        }

        return elements;
    }

    private static List<SnapSlope> MakeSlopes(int twoJMax)
    {
        var slopes = new List<SnapSlope>();
        for (var j = 1; j <= twoJMax; j++)
        {
            for (var k = 0; k < SnapPlanes.ProperCount(j - 1); k++)
            {
                int ma = k % j, mb = k / j, start = SnapIndices.LayerStart(j);
                var weight = 2 * ma == j - 1 && 2 * mb == j - 1 ? 1.0 : 2.0;
                slopes.Add(new SnapSlope(
                    SnapPlanes.HalfStart(j - 1) + k, start + mb * (j + 1) + ma, start + (mb + 1) * (j + 1) + ma, weight * (j - mb), weight * (mb + 1)));
            }
        }

        return slopes;
    }
}
