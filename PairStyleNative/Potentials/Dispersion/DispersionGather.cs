using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Dispersion;

/// <summary>
/// Neighbours of a center, sorted by element and by whether both cutoffs reach them, in blocks that the kernel runs along.
/// A list longer than <see cref="ChunkSize"/> comes in chunks, so that the arrays stay in the cache for any cutoff.
/// </summary>
/// <remarks>
/// Bucket 2e holds atoms of element e within the shorter cutoff, bucket 2e + 1 those between the two. Sorting is free of
/// branches: every atom is written behind the last of its bucket, and counted only if it is inside. What belongs to eight atoms
/// stands together in a block, all x, then all y, and so on: writing to ten buckets at once touches ten pages, not forty.
/// </remarks>
internal sealed unsafe class DispersionGather : IDisposable
{
    /// <summary>Entries of a list to sort at once.</summary>
    public const int ChunkSize = 512;

    /// <summary>Atoms closer than this overlap, Å.</summary>
    public const double MinimumSeparation = 1e-6;

    /// <summary>Atoms of a block; a multiple of every number of lanes.</summary>
    public const int BlockLength = 8;

    /// <summary>From one block of a bucket to the next, in doubles.</summary>
    public const int BlockSize = (Weights + DispersionTable.MaximumReferences + 1) * BlockLength;

    /// <summary>Rows of a block: x, y, z, then scales, then weights, then indices.</summary>
    public const int Scales = 3;

    /// <summary>First of the rows of weights, one for each reference.</summary>
    public const int Weights = 4;

    private const int Indices = (Weights + DispersionTable.MaximumReferences) * BlockLength;

    // A full bucket, and one block more for the atom that is written and not counted.
    private const int BucketSize = (ChunkSize / BlockLength + 1) * BlockSize;

    private const int NearSize = ChunkSize + BlockLength;

    // Where padding stands: so far that nothing reaches, and its eighth power is finite still.
    private const double Nowhere = 1e25;

    private readonly DispersionModel _model;
    private readonly int _lanes;
    private readonly double _innerSquare;
    private readonly double _outerSquare;
    private readonly NativeArray<double> _atoms = new();
    private readonly NativeArray<double> _buckets = new();
    private readonly NativeArray<int> _counts = new();
    private readonly NativeArray<double> _nearSquares = new();
    private readonly NativeArray<double> _nearRadii = new();

    public DispersionGather(DispersionModel model, int lanes)
    {
        _model = model;
        _lanes = lanes;
        var (one, other) = (model.Settings.Cutoff, model.Settings.CoordinationCutoff);
        _innerSquare = Math.Min(one, other) * Math.Min(one, other);
        _outerSquare = Math.Max(one, other) * Math.Max(one, other);
        // One pair of buckets more, for atoms that the potential does not act on.
        _buckets.Reserve((model.ElementCount + 1) * 2L * BucketSize);
        _counts.Reserve((model.ElementCount + 1) * 2L);
        _nearSquares.Reserve(NearSize);
        _nearRadii.Reserve(NearSize);
    }

    /// <summary>Squares of the distances of a chunk's atoms within the coordination cutoff, Å², padded.</summary>
    public double* NearSquares => _nearSquares.Pointer;

    /// <summary>Their covalent distances to the center, Å.</summary>
    public double* NearRadii => _nearRadii.Pointer;

    /// <summary>Copies positions and elements to one place for each atom; to be called once for a view.</summary>
    public EvaluationOutcome Pack(in NeighborView atoms)
    {
        var packed = _atoms.Reserve(4L * atoms.AtomCount + 1);
        var elements = _model.ElementOfSpecies;
        for (var i = 0; i < atoms.AtomCount; i++, packed += 4)
        {
            var position = atoms.Positions + 3L * i;
            (packed[0], packed[1], packed[2]) = (position[0], position[1], position[2]);
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

            *(long*)(packed + 3) = species < 0 ? _model.ElementCount : elements[species];
        }

        return EvaluationOutcome.Success;
    }

    /// <summary>Element of an atom; <see cref="DispersionModel.ElementCount"/>: not of this potential.</summary>
    public int ElementOf(int atom) => (int)*(long*)(_atoms.Pointer + 4L * atom + 3);

    /// <summary>Atoms of a bucket.</summary>
    public int Count(int bucket) => _counts.Pointer[bucket];

    /// <summary>The same, up to whole vectors.</summary>
    public int PaddedCount(int bucket) => (_counts.Pointer[bucket] + _lanes - 1) / _lanes * _lanes;

    /// <summary>First block of a bucket.</summary>
    public double* Blocks(int bucket) => _buckets.Pointer + (long)bucket * BucketSize;

    /// <summary>Where x of an atom of a bucket stands; what else belongs to it follows at distances of <see cref="BlockLength"/>.</summary>
    public static double* Atom(double* blocks, int place) => blocks + (uint)place / BlockLength * BlockSize + (uint)place % BlockLength;

    /// <summary>Index into the view of an atom of a bucket.</summary>
    public static int Index(double* atom) => (int)*(long*)(atom + Indices);

    /// <summary>Fills <see cref="NearSquares"/> and <see cref="NearRadii"/> with one chunk of a center's list.</summary>
    /// <param name="center">Index into the view.</param>
    /// <param name="radii">Covalent distance for each element, and <see cref="double.NegativeInfinity"/> behind the last.</param>
    /// <param name="square">Square of the coordination cutoff.</param>
    /// <param name="list">The chunk.</param>
    /// <param name="length">Its entries.</param>
    /// <param name="mask">Bits of an entry that are the atom.</param>
    /// <returns>How many there are, up to whole vectors.</returns>
    public int Near(int center, double* radii, double square, int* list, int length, int mask)
    {
        double* all = _atoms.Pointer, self = all + 4L * center, squares = NearSquares, near = NearRadii;
        double xi = self[0], yi = self[1], zi = self[2];
        var elements = _model.ElementCount;
        var found = 0;
        for (var n = 0; n < length; n++)
        {
            var other = all + 4L * (list[n] & mask);
            double x = other[0] - xi, y = other[1] - yi, z = other[2] - zi;
            var element = *(long*)(other + 3);
            var r2 = x * x + y * y + z * z;
            squares[found] = r2;
            near[found] = radii[element];
            found += (r2 < square ? 1 : 0) & (element < elements ? 1 : 0);
        }

        var padded = (found + _lanes - 1) / _lanes * _lanes;
        for (; found < padded; found++)
        {
            // A negative radius counts as 1e-285.
            squares[found] = 1;
            near[found] = -40;
        }

        return padded;
    }

    /// <summary>Sorts one chunk of a center's list into the buckets.</summary>
    public void Sort(int center, int* list, int length, int mask)
    {
        double* all = _atoms.Pointer, self = all + 4L * center, buckets = _buckets.Pointer;
        double xi = self[0], yi = self[1], zi = self[2], inner = _innerSquare, outer = _outerSquare;
        var counts = _counts.Pointer;
        new Span<int>(counts, 2 * _model.ElementCount + 2).Clear();
        for (var n = 0; n < length; n++)
        {
            var j = list[n] & mask;
            var other = all + 4L * j;
            double x = other[0] - xi, y = other[1] - yi, z = other[2] - zi;
            var r2 = x * x + y * y + z * z;
            var bucket = 2 * *(long*)(other + 3) + (r2 < inner ? 0 : 1);
            var place = (uint)counts[bucket];
            var target = buckets + bucket * BucketSize + place / BlockLength * BlockSize + place % BlockLength;
            target[0] = x;
            target[BlockLength] = y;
            target[2 * BlockLength] = z;
            *(long*)(target + Indices) = j;
            counts[bucket] = (int)place + (r2 < outer ? 1 : 0);
        }

        for (var bucket = 0; bucket < 2 * _model.ElementCount; bucket++)
        {
            Pad(bucket);
        }
    }

    /// <summary>Copies the reference weights of a bucket's atoms, and their share of the pair's scale, to its arrays.</summary>
    public void LoadWeights(int bucket, int references, double* values, int width, in NeighborView atoms, double centerScale)
    {
        const int Row = BlockLength;
        int count = Count(bucket), padded = PaddedCount(bucket);
        var blocks = Blocks(bucket);
        for (var k = 0; k < count; k++)
        {
            var atom = Atom(blocks, k);
            var weights = atom + Weights * Row;
            var row = values + (long)Index(atom) * width;
            // Unrolled: there are one to five, as many for all atoms of a bucket.
            weights[0] = row[0];
            if (references > 1)
            {
                weights[Row] = row[1];
                if (references > 2)
                {
                    weights[2 * Row] = row[2];
                    if (references > 3)
                    {
                        weights[3 * Row] = row[3];
                        if (references > 4)
                        {
                            weights[4 * Row] = row[4];
                        }
                    }
                }
            }
        }

        for (var k = count; k < padded; k++)
        {
            for (var reference = 0; reference < references; reference++)
            {
                Atom(blocks, k)[(Weights + reference) * Row] = 0;
            }
        }

        for (var k = 0; atoms.ScaleOfType is not null && k < padded; k++)
        {
            var atom = Atom(blocks, k);
            atom[Scales * Row] = k < count ? 0.5 * (centerScale + atoms.ScaleOf(Index(atom))) : 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _atoms.Dispose();
        _buckets.Dispose();
        _counts.Dispose();
        _nearSquares.Dispose();
        _nearRadii.Dispose();
    }

    private void Pad(int bucket)
    {
        int count = Count(bucket), padded = PaddedCount(bucket);
        for (var k = count; k < padded; k++)
        {
            var atom = Atom(Blocks(bucket), k);
            (atom[0], atom[BlockLength], atom[2 * BlockLength]) = (Nowhere, 0, 0);
        }
    }
}
