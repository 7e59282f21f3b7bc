using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Dispersion;

/// <summary>
/// The neighbours of a center within a distance, and what the kernel wants to know of each, as arrays that it runs along.
/// A list longer than <see cref="ChunkSize"/> comes in chunks, so that the arrays stay in the cache for any cutoff.
/// </summary>
/// <remarks>
/// Collecting is what most of the time goes into, and what it costs is instructions: four entries of a list are loaded as rows
/// x, y, z, tag, transposed to columns, and the columns of those inside pushed together by a table of permutations. No branch
/// depends on a distance; it would be guessed wrongly for every third neighbour.
/// </remarks>
internal sealed unsafe class DispersionGather : IDisposable
{
    /// <summary>Entries of a list to collect at once.</summary>
    public const int ChunkSize = 512;

    // Room for padding to whole vectors, and for what is written behind the last neighbour.
    private const int Capacity = ChunkSize + 8;

    private const int TagShift = 8;
    private const int ElementMask = (1 << TagShift) - 1;

    // Where padding stands, and atoms that the potential does not act on: so far that nothing reaches, and its eighth power is
    // finite still.
    private const double Nowhere = 1e25;

    // Covalent distance of padding: it counts as exp(−64).
    private const double NoRadius = -3 * Nowhere;

    private readonly DispersionModel _model;
    private readonly int _lanes;
    private readonly NativeArray<double> _atoms = new();
    private readonly NativeArray<double> _arrays = new();
    private readonly NativeArray<double> _pairs = new();
    private readonly NativeArray<int> _compactions = new();

    public DispersionGather(DispersionModel model, int lanes)
    {
        _model = model;
        _lanes = lanes;
        _arrays.Reserve(11 * Capacity);
        FillPairs();
        FillCompactions();
    }

    /// <summary>x of r_j − r_i, Å, padded.</summary>
    public double* X => _arrays.Pointer;

    /// <summary>y, Å.</summary>
    public double* Y => _arrays.Pointer + Capacity;

    /// <summary>z, Å.</summary>
    public double* Z => _arrays.Pointer + 2 * Capacity;

    /// <summary>Covalent distances to the center, Å.</summary>
    public double* Radii => _arrays.Pointer + 3 * Capacity;

    /// <summary>C6 with the center, eV·Å⁶.</summary>
    public double* Coefficients => _arrays.Pointer + 4 * Capacity;

    /// <summary>Their derivatives by the center's coordination number, eV·Å⁶.</summary>
    public double* Derivatives => _arrays.Pointer + 5 * Capacity;

    /// <summary>Means of the scales of neighbour and center; only for views that scale.</summary>
    public double* Scales => _arrays.Pointer + 6 * Capacity;

    /// <summary><see cref="DispersionPair.Radius6"/>.</summary>
    public double* Radii6 => _arrays.Pointer + 7 * Capacity;

    /// <summary><see cref="DispersionPair.Radius8"/>.</summary>
    public double* Radii8 => _arrays.Pointer + 8 * Capacity;

    /// <summary><see cref="DispersionPair.Factor8"/>, Å².</summary>
    public double* Factors8 => _arrays.Pointer + 9 * Capacity;

    /// <summary>Number of neighbours collected.</summary>
    public int Count { get; private set; }

    /// <summary>The same, up to whole vectors.</summary>
    public int PaddedCount => (Count + _lanes - 1) / _lanes * _lanes;

    // Index into the view, and element, of every neighbour.
    private long* Tags => (long*)(_arrays.Pointer + 10 * Capacity);

    /// <summary>Index into the view of a neighbour.</summary>
    public int Index(int place) => (int)(Tags[place] >> TagShift);

    /// <summary>Copies positions, indices and elements to one place for each atom; to be called once for a view.</summary>
    public EvaluationOutcome Pack(in NeighborView atoms)
    {
        var packed = _atoms.Reserve(4L * atoms.AtomCount + 1);
        var elements = _model.ElementOfSpecies;
        for (var i = 0; i < atoms.AtomCount; i++, packed += 4)
        {
            var position = atoms.Positions + 3L * i;
            if (!double.IsFinite(position[0] + position[1] + position[2]))
            {
                return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, i);
            }

            var type = atoms.Types[i];
            var species = atoms.SpeciesOfType is null ? type : atoms.SpeciesOfType[type];
            if (species < -1 || species >= elements.Length)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            var element = species < 0 ? _model.ElementCount : elements[species];
            (packed[0], packed[1], packed[2]) = (species < 0 ? Nowhere : position[0], position[1], position[2]);
            *(long*)(packed + 3) = ((long)i << TagShift) | (long)element;
        }

        return EvaluationOutcome.Success;
    }

    /// <summary>Element of an atom; <see cref="DispersionModel.ElementCount"/>: not of this potential.</summary>
    public int ElementOf(int atom) => (int)*(long*)(_atoms.Pointer + 4L * atom + 3) & ElementMask;

    /// <summary>Collects the positions of one chunk of a center's list.</summary>
    /// <param name="center">Index into the view.</param>
    /// <param name="square">Square of the distance within which neighbours count, Å².</param>
    /// <param name="list">The chunk.</param>
    /// <param name="length">Its entries.</param>
    /// <param name="mask">Bits of an entry that are the atom.</param>
    public void Collect(int center, double square, int* list, int length, int mask)
    {
        double* all = _atoms.Pointer, self = all + 4L * center, xs = X, ys = Y, zs = Z;
        double xi = self[0], yi = self[1], zi = self[2];
        var tags = Tags;
        var found = 0;
        var n = Avx2.IsSupported ? CollectFours(self, square, list, length, mask, ref found) : 0;
        for (; n < length; n++)
        {
            var other = all + 4L * (list[n] & mask);
            double x = other[0] - xi, y = other[1] - yi, z = other[2] - zi;
            (xs[found], ys[found], zs[found], tags[found]) = (x, y, z, *(long*)(other + 3));
            found += x * x + y * y + z * z < square ? 1 : 0;
        }

        Count = found;
        for (var padded = PaddedCount; found < padded; found++)
        {
            (xs[found], ys[found], zs[found]) = (Nowhere, 0, 0);
        }
    }

    /// <summary>Fills <see cref="Radii"/> for the neighbours collected.</summary>
    public void FindRadii(int element)
    {
        var pairs = _pairs.Pointer + 4L * element * _model.ElementCount;
        var radii = Radii;
        var tags = Tags;
        for (var k = 0; k < Count; k++)
        {
            radii[k] = pairs[4 * (tags[k] & ElementMask) + 3];
        }

        Pad(radii, NoRadius);
    }

    /// <summary>Fills the arrays of coefficients, damping, covalent distances and scales for the neighbours collected.</summary>
    /// <param name="element">Of the center.</param>
    /// <param name="mixed">u and du/dCN, see <see cref="DispersionKernel{T}"/>: <c>double[elements][5][2]</c>.</param>
    /// <param name="values">Reference weights, <c>double[atoms][5]</c>.</param>
    /// <param name="atoms">The view.</param>
    /// <param name="centerScale">Scale of the center.</param>
    public void Describe(int element, double* mixed, double* values, in NeighborView atoms, double centerScale)
    {
        const int Width = DispersionTable.MaximumReferences;
        double* pairs = _pairs.Pointer + 4L * element * _model.ElementCount, radii = Radii, coefficients = Coefficients, derivatives = Derivatives;
        double* radii6 = Radii6, radii8 = Radii8, factors8 = Factors8;
        var tags = Tags;
        for (var k = 0; k < Count; k++)
        {
            var other = tags[k] & ElementMask;
            double* row = values + (tags[k] >> TagShift) * Width, mix = mixed + other * (2 * Width), pair = pairs + 4 * other;
            var sum = Lanes128.Broadcast(row[0]) * Lanes128.Load(mix);
            sum = Lanes128.MultiplyAdd(Lanes128.Broadcast(row[1]), Lanes128.Load(mix + 2), sum);
            sum = Lanes128.MultiplyAdd(Lanes128.Broadcast(row[2]), Lanes128.Load(mix + 4), sum);
            sum = Lanes128.MultiplyAdd(Lanes128.Broadcast(row[3]), Lanes128.Load(mix + 6), sum);
            sum = Lanes128.MultiplyAdd(Lanes128.Broadcast(row[4]), Lanes128.Load(mix + 8), sum);
            coefficients[k] = sum.Value.ToScalar();
            derivatives[k] = sum.Value.GetElement(1);
            radii6[k] = pair[0];
            radii8[k] = pair[1];
            factors8[k] = pair[2];
            radii[k] = pair[3];
        }

        Pad(coefficients, 0);
        Pad(derivatives, 0);
        Pad(radii6, 1);
        Pad(radii8, 1);
        Pad(factors8, 1);
        Pad(radii, NoRadius);
        for (var k = 0; atoms.ScaleOfType is not null && k < PaddedCount; k++)
        {
            Scales[k] = k < Count ? 0.5 * (centerScale + atoms.ScaleOf(Index(k))) : 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _atoms.Dispose();
        _arrays.Dispose();
        _pairs.Dispose();
        _compactions.Dispose();
    }

    // Returns how many entries it has done: all but the last up to three.
    private int CollectFours(double* self, double square, int* list, int length, int mask, ref int found)
    {
        double* all = _atoms.Pointer, xs = X, ys = Y, zs = Z, tags = (double*)Tags;
        var compactions = _compactions.Pointer;
        Vector256<double> xi = Vector256.Create(self[0]), yi = Vector256.Create(self[1]), zi = Vector256.Create(self[2]), limit = Vector256.Create(square);
        var n = 0;
        var place = found;
        for (; n + 4 <= length; n += 4)
        {
            var a = Vector256.Load(all + 4L * (list[n] & mask));
            var b = Vector256.Load(all + 4L * (list[n + 1] & mask));
            var c = Vector256.Load(all + 4L * (list[n + 2] & mask));
            var d = Vector256.Load(all + 4L * (list[n + 3] & mask));
            Vector256<double> lowAb = Avx.UnpackLow(a, b), highAb = Avx.UnpackHigh(a, b), lowCd = Avx.UnpackLow(c, d), highCd = Avx.UnpackHigh(c, d);
            var x = Avx.Permute2x128(lowAb, lowCd, 0x20) - xi;
            var y = Avx.Permute2x128(highAb, highCd, 0x20) - yi;
            var z = Avx.Permute2x128(lowAb, lowCd, 0x31) - zi;
            var tag = Avx.Permute2x128(highAb, highCd, 0x31);
            // Rounded as in the scalar loop, so that no pair at the cutoff depends on its place in the list.
            var inside = Vector256.LessThan(x * x + y * y + z * z, limit).ExtractMostSignificantBits();
            var order = Vector256.Load(compactions + 8 * inside);
            Avx2.PermuteVar8x32(x.AsSingle(), order).AsDouble().Store(xs + place);
            Avx2.PermuteVar8x32(y.AsSingle(), order).AsDouble().Store(ys + place);
            Avx2.PermuteVar8x32(z.AsSingle(), order).AsDouble().Store(zs + place);
            Avx2.PermuteVar8x32(tag.AsSingle(), order).AsDouble().Store(tags + place);
            place += BitOperations.PopCount(inside);
        }

        found = place;
        return n;
    }

    private void Pad(double* array, double value)
    {
        for (var k = Count; k < PaddedCount; k++)
        {
            array[k] = value;
        }
    }

    private void FillPairs()
    {
        var pairs = _pairs.Reserve(4L * _model.ElementCount * _model.ElementCount);
        for (var first = 0; first < _model.ElementCount; first++)
        {
            for (var second = 0; second < _model.ElementCount; second++, pairs += 4)
            {
                ref readonly var pair = ref _model.Pair(first, second);
                (pairs[0], pairs[1], pairs[2], pairs[3]) = (pair.Radius6, pair.Radius8, pair.Factor8, pair.CovalentDistance);
            }
        }
    }

    // For each set of four lanes, as bits: the order of 32-bit halves that has its lanes first.
    private void FillCompactions()
    {
        var orders = _compactions.Reserve(16 * 8);
        new Span<int>(orders, 16 * 8).Clear();
        for (var set = 0; set < 16; set++)
        {
            var place = 0;
            for (var lane = 0; lane < 4; lane++)
            {
                if ((set >> lane & 1) != 0)
                {
                    orders[8 * set + place++] = 2 * lane;
                    orders[8 * set + place++] = 2 * lane + 1;
                }
            }
        }
    }
}
