namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>A <see cref="CouplingPath"/> made ready for the edge kernels, forwards and back. Immutable.</summary>
/// <remarks>
/// An edge is seen from both its ends. The receiver sums what neighbours send, and needs the derivatives of its sums by weights and harmonics. For the derivative by its own features an atom sums over
/// those that receive from it: these are its neighbours too, with the same weights and with harmonics of the other direction, (−1)^l as large. So nothing is ever added to rows of other atoms.
/// </remarks>
internal sealed class ProductPath<TNumber> : IDisposable
    where TNumber : unmanaged
{
    private ProductPath(CouplingPath path, ChannelBlock input, ChannelBlock output, int column, int table, double factor)
    {
        (Input, Output, Column, Table, Degree) = (input, output, column, table, path.Degree);
        int n = path.Coupling.First, p = path.Coupling.Result, second = 2 * path.Degree + 1, width = input.Width;
        var sign = path.Degree % 2 == 0 ? 1 : -1;
        IsInner = p == 0 && CouplingTensor.IsTrivial(n, path.Degree, p);
        IsInnerBackward = n == 0 && CouplingTensor.IsTrivial(n, path.Degree, p);
        var first = path.Coupling.Entries[0].Value * factor;
        Factor = Real.Of<TNumber>(first);
        BackwardFactor = Real.Of<TNumber>(sign * first);
        var entries = path.Coupling.Entries;
        Sum = new(entries.Select(one => ((one.First * second + one.Second) * width, one.Result * output.Width, factor * one.Value)));
        Gradient = new(IsInner ? [(0, 0, first)] : entries.Select(one => (one.Result * output.Width, (one.First * second + one.Second) * width, factor * one.Value)));
        Backward = new(entries.Select(one => ((one.Result * second + one.Second) * width, one.First * width, sign * factor * one.Value)));
    }

    /// <summary>What the neighbour sends.</summary>
    public ChannelBlock Input { get; }

    /// <summary>The block of sums that it is added to, and</summary>
    public ChannelBlock Output { get; }

    /// <summary>where in its rows.</summary>
    public int Column { get; }

    /// <summary>Its place in the table of weights.</summary>
    public int Table { get; }

    /// <summary>l of the harmonics.</summary>
    public int Degree { get; }

    /// <summary>Whether it makes scalars, the inner product of features and harmonics.</summary>
    public bool IsInner { get; }

    /// <summary>Whether it takes scalars, so that the derivative by these is an inner product.</summary>
    public bool IsInnerBackward { get; }

    /// <summary>Of the inner product.</summary>
    public TNumber Factor { get; }

    /// <summary>Of the inner product for the derivative.</summary>
    public TNumber BackwardFactor { get; }

    /// <summary>From D[i][j] to the sums.</summary>
    public Combination<TNumber> Sum { get; }

    /// <summary>From the derivatives by the sums to those by D[i][j]; of an inner product, to what these are for i = j.</summary>
    public Combination<TNumber> Gradient { get; }

    /// <summary>From D[k][j], of derivatives by the neighbours' sums in place of features, to the derivatives by features.</summary>
    public Combination<TNumber> Backward { get; }

    /// <summary>The paths of a product that lead to sums that are kept.</summary>
    /// <param name="product">The product.</param>
    /// <param name="sent">How features are kept.</param>
    /// <param name="sums">How the sums are kept, by the blocks of <paramref name="sumIrreps"/>.</param>
    /// <param name="sumIrreps">The product's output with equal neighbours as one block.</param>
    /// <param name="factor">Of everything.</param>
    public static ProductPath<TNumber>[] Of(ChannelProduct product, ChannelLayout sent, ChannelLayout sums, Irreps sumIrreps, double factor)
    {
        var paths = new List<ProductPath<TNumber>>();
        foreach (var path in product.Paths)
        {
            var (block, channel) = PlaceOf(product, path.Output, sumIrreps);
            if (path.Coupling.Entries.Count > 0 && sums.ColumnOf(block, channel) is >= 0 and var column)
            {
                paths.Add(new ProductPath<TNumber>(path, sent[path.Input]!, sums[block]!, column, paths.Count, factor * path.Factor));
            }
        }

        return [.. paths];
    }

    /// <summary>Where a block of the product stands where equal neighbours are one block.</summary>
    public static (int Block, int Channel) PlaceOf(ChannelProduct product, int output, Irreps sumIrreps)
    {
        var place = product.Output.OffsetOf(output);
        var block = 0;
        while (sumIrreps.OffsetOf(block) + sumIrreps[block].Width <= place)
        {
            block++;
        }

        return (block, (place - sumIrreps.OffsetOf(block)) / sumIrreps[block].Irrep.Dimension);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sum.Dispose();
        Gradient.Dispose();
        Backward.Dispose();
    }
}
