using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Atoms;

/// <summary>
/// The one neighbour list: full lists of all atoms in a cell (any shape, also smaller than the cutoff; any mix of
/// periodic directions), in unmanaged memory that is reused from build to build. Periodic images are explicit ghost
/// atoms behind the local ones, as LAMMPS has them, so that kernels need no minimum-image logic.
/// Not thread-safe: one list a thread.
/// </summary>
/// <remarks>
/// Method: wrap into the cell; add every image that lies within the cutoff of the cell's faces; sort all into bins
/// whose faces are at least a cutoff apart; look in the 27 bins round each local atom. Linear in the number of atoms.
/// </remarks>
public sealed unsafe class NeighborList : IDisposable
{
    /// <summary>Beyond this many atoms and images a request is refused instead of exhausting the memory.</summary>
    public const long MaximumAtoms = 50_000_000;

    /// <summary>Beyond this many neighbours of all atoms together, 2 GB, a request is refused likewise.</summary>
    public const long MaximumNeighbors = 500_000_000;

    // Wrapping loses the digits that count whole cells.
    private const double MaximumCells = 1e8;

    private static readonly Cell UnitCell = new([1, 0, 0, 0, 1, 0, 0, 0, 1]);

    private readonly NativeArray<double> _positions = new();
    private readonly NativeArray<double> _fractions = new();
    private readonly NativeArray<double> _binFractions = new();
    private readonly NativeArray<int> _owners = new();
    private readonly NativeArray<int> _binOf = new();
    private readonly NativeArray<int> _binStart = new();
    private readonly NativeArray<int> _binned = new();
    private readonly NativeArray<int> _counts = new();
    private readonly NativeArray<int> _neighbors = new();
    private readonly NativeArray<nint> _lists = new();
    private readonly NativeArray<int> _types = new();

    /// <summary>Atoms of the last build.</summary>
    public int LocalCount { get; private set; }

    /// <summary>Local atoms and their images.</summary>
    public int AtomCount { get; private set; }

    /// <summary><c>int[AtomCount]</c>: the local atom that each atom is an image of; itself for local atoms.</summary>
    public int* Owners => _owners.Pointer;

    /// <summary><c>double[AtomCount][3]</c>, Å: local atoms wrapped into the cell, then images.</summary>
    public double* Positions => _positions.Pointer;

    /// <summary>Builds the lists.</summary>
    /// <param name="positions"><c>double[natoms][3]</c>, Å; need not be wrapped.</param>
    /// <param name="cell">Needed when a direction is periodic; a non-periodic direction's vector only fixes the axes.</param>
    /// <param name="periodicA">Periodic along a.</param>
    /// <param name="periodicB">Periodic along b.</param>
    /// <param name="periodicC">Periodic along c.</param>
    /// <param name="cutoff">Å; pairs at exactly this distance are not neighbours.</param>
    /// <exception cref="MofException">A position is not finite, the cutoff is not positive, or a cell is missing or absurdly small.</exception>
    public void Build(ReadOnlySpan<double> positions, Cell? cell, bool periodicA, bool periodicB, bool periodicC, double cutoff)
    {
        if (!(cutoff > 0) || !double.IsFinite(cutoff))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the cutoff is {cutoff} angstrom", expected: "a positive number");
        }

        if (cell is null && (periodicA || periodicB || periodicC))
        {
            throw new MofException(ErrorKind.InvalidArgument, "periodic atoms need a cell");
        }

        LocalCount = positions.Length / 3;
        AtomCount = 0;
        cell ??= UnitCell;
        // All on the stack: this runs at every step and leaves nothing to collect.
        var periodic = stackalloc bool[] { periodicA, periodicB, periodicC };
        var heights = stackalloc double[3];
        var low = stackalloc double[3];
        var high = stackalloc double[3];
        var margin = stackalloc double[3];
        var bins = stackalloc int[3];
        Wrap(positions, cell, periodic, low, high);
        for (var k = 0; k < 3; k++)
        {
            heights[k] = cell.FaceDistance(k);
            // A hair more than the cutoff, so that rounding of fractions never drops a pair.
            margin[k] = periodic[k] ? cutoff / heights[k] * (1 + 1e-9) + 1e-12 : 0;
        }

        AddImages(cell, periodic, margin);
        SortIntoBins(heights, low, high, margin, cutoff, bins);
        Search(bins, cutoff);
    }

    /// <summary>The lists as potentials take them; valid until the next build or dispose.</summary>
    /// <param name="types"><c>int[LocalCount]</c>: type of every local atom; images take their owner's.</param>
    public NeighborView View(ReadOnlySpan<int> types)
    {
        if (types.Length != LocalCount)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{types.Length} types for {LocalCount} atoms");
        }

        var all = _types.Reserve(AtomCount);
        for (var i = 0; i < AtomCount; i++)
        {
            all[i] = types[Owners[i]];
        }

        return new NeighborView
        {
            AtomCount = AtomCount,
            CenterCount = LocalCount,
            Positions = Positions,
            Types = all,
            NeighborCounts = _counts.Pointer,
            Neighbors = (int**)_lists.Pointer,
            Owners = Owners,
            NeighborMask = -1,
        };
    }

    /// <summary>Adds what images received to their owners: <c>values[AtomCount][width]</c>; the first <see cref="LocalCount"/> rows are the result.</summary>
    public void FoldImages(double* values, int width)
    {
        for (var i = LocalCount; i < AtomCount; i++)
        {
            var target = values + (long)Owners[i] * width;
            var source = values + (long)i * width;
            for (var k = 0; k < width; k++)
            {
                target[k] += source[k];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IDisposable[] arrays = [_positions, _fractions, _binFractions, _owners, _binOf, _binStart, _binned, _counts, _neighbors, _lists, _types];
        foreach (var array in arrays)
        {
            array.Dispose();
        }
    }

    private void Wrap(ReadOnlySpan<double> positions, Cell cell, bool* periodic, double* low, double* high)
    {
        var fractions = _fractions.Reserve(3L * LocalCount);
        for (var k = 0; k < 3; k++)
        {
            low[k] = periodic[k] ? 0 : double.PositiveInfinity;
            high[k] = periodic[k] ? 1 : double.NegativeInfinity;
        }

        var place = stackalloc double[3];
        for (var i = 0; i < LocalCount; i++)
        {
            (place[0], place[1], place[2]) = cell.ToFractional(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
            for (var k = 0; k < 3; k++)
            {
                if (!double.IsFinite(place[k]))
                {
                    throw new MofException(ErrorKind.InvalidArgument, "a position is not finite", where: $"atom {i} (counted from 0)");
                }

                if (periodic[k])
                {
                    if (Math.Abs(place[k]) > MaximumCells)
                    {
                        throw new MofException(ErrorKind.InvalidArgument, "a position is so far from the cell that its digits are lost", where: $"atom {i} (counted from 0)", expected: $"at most {MaximumCells:g1} cells away", remedy: "The simulation has blown up, or the cell is wrong.");
                    }

                    place[k] -= Math.Floor(place[k]);
                    // floor(-1e-17) is -1 and -1e-17+1 rounds to 1, which is 0 of the next cell.
                    place[k] = place[k] >= 1 ? 0 : place[k];
                }
                else
                {
                    low[k] = Math.Min(low[k], place[k]);
                    high[k] = Math.Max(high[k], place[k]);
                }

                fractions[3 * i + k] = place[k];
            }
        }
    }

    private void AddImages(Cell cell, bool* periodic, double* margin)
    {
        var reach = stackalloc int[3];
        double estimate = 1;
        for (var k = 0; k < 3; k++)
        {
            reach[k] = periodic[k] ? (int)Math.Min(Math.Ceiling(margin[k]), 1e6) : 0;
            estimate *= 1 + 2 * margin[k];
        }

        if (LocalCount == 0)
        {
            return;
        }

        if (estimate * LocalCount > MaximumAtoms)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the cell is so small against the cutoff that about {estimate * LocalCount:g3} periodic images are needed", remedy: "Check the cell and its unit (angstrom).");
        }

        long capacity = LocalCount + 64 + (long)(estimate * LocalCount * 1.25);
        while (!TryPlaceImages(cell, margin, reach, capacity))
        {
            capacity *= 2;
        }
    }

    private bool TryPlaceImages(Cell cell, double* margin, int* reach, long capacity)
    {
        var positions = _positions.Reserve(3 * capacity);
        var owners = _owners.Reserve(capacity);
        var binFractions = _binFractions.Reserve(3 * capacity);
        var count = 0;
        for (var i = 0; i < LocalCount; i++)
        {
            Place(i, 0, 0, 0);
        }

        for (var sa = -reach[0]; sa <= reach[0]; sa++)
        {
            for (var sb = -reach[1]; sb <= reach[1]; sb++)
            {
                for (var sc = -reach[2]; sc <= reach[2]; sc++)
                {
                    if (sa == 0 && sb == 0 && sc == 0)
                    {
                        continue;
                    }

                    for (var i = 0; i < LocalCount; i++)
                    {
                        var f = _fractions.Pointer + 3 * i;
                        if (Outside(f[0] + sa, 0) || Outside(f[1] + sb, 1) || Outside(f[2] + sc, 2))
                        {
                            continue;
                        }

                        if (count >= capacity)
                        {
                            return false;
                        }

                        Place(i, sa, sb, sc);
                    }
                }
            }
        }

        AtomCount = count;
        return true;

        bool Outside(double fraction, int k) => reach[k] > 0 && (fraction < -margin[k] || fraction > 1 + margin[k]);

        void Place(int i, int sa, int sb, int sc)
        {
            var f = _fractions.Pointer + 3 * i;
            double a = f[0] + sa, b = f[1] + sb, c = f[2] + sc;
            (positions[3 * count], positions[3 * count + 1], positions[3 * count + 2]) = cell.ToCartesian(a, b, c);
            binFractions[3 * count] = a;
            binFractions[3 * count + 1] = b;
            binFractions[3 * count + 2] = c;
            owners[count++] = i;
        }
    }

    private void SortIntoBins(double* heights, double* low, double* high, double* margin, double cutoff, int* bins)
    {
        var origin = stackalloc double[3];
        var scale = stackalloc double[3];
        // Never many more bins than atoms: a molecule of two distant atoms must not need gigabytes.
        var limit = (int)Math.Ceiling(Math.Cbrt(AtomCount)) * 4 + 1;
        for (var k = 0; k < 3; k++)
        {
            origin[k] = (LocalCount > 0 ? low[k] : 0) - margin[k];
            var extent = (LocalCount > 0 ? high[k] - low[k] : 0) + 2 * margin[k];
            bins[k] = Math.Max(1, (int)Math.Min(limit, Math.Floor(extent * heights[k] / cutoff)));
            scale[k] = extent > 0 ? bins[k] / extent : 0;
        }

        var total = bins[0] * bins[1] * bins[2];
        var start = _binStart.Reserve(total + 1);
        new Span<int>(start, total + 1).Clear();
        var binOf = _binOf.Reserve(AtomCount);
        for (var i = 0; i < AtomCount; i++)
        {
            var bin = 0;
            for (var k = 0; k < 3; k++)
            {
                var index = (int)((_binFractions.Pointer[3 * i + k] - origin[k]) * scale[k]);
                bin = bin * bins[k] + Math.Clamp(index, 0, bins[k] - 1);
            }

            binOf[i] = bin;
            start[bin + 1]++;
        }

        for (var b = 0; b < total; b++)
        {
            start[b + 1] += start[b];
        }

        var binned = _binned.Reserve(AtomCount);
        for (var i = AtomCount - 1; i >= 0; i--)
        {
            binned[--start[binOf[i] + 1]] = i;
        }

        // start[b+1] now is the first of bin b; shift back by one.
        for (var b = 0; b < total; b++)
        {
            start[b] = start[b + 1];
        }

        start[total] = AtomCount;
    }

    private void Search(int* bins, double cutoff)
    {
        var counts = _counts.Reserve(Math.Max(AtomCount, 1));
        var offsets = _lists.Reserve(Math.Max(AtomCount, 1));
        long used = 0;
        long capacity = Math.Max(1024, 64L * LocalCount);
        _neighbors.Reserve(capacity);
        for (var attempt = 0; ; attempt++)
        {
            used = 0;
            for (var i = 0; i < LocalCount; i++)
            {
                offsets[i] = (nint)used;
                counts[i] = SearchAround(i, bins, cutoff * cutoff, _neighbors.Pointer, used, capacity);
                used += counts[i];
                if (used > MaximumNeighbors)
                {
                    throw new MofException(
                        ErrorKind.InvalidArgument, $"{LocalCount} atoms have more than {MaximumNeighbors} neighbours within {cutoff} angstrom",
                        expected: "a cutoff of some ten angstrom, and atoms that are not in one place");
                }
            }

            if (used <= capacity)
            {
                break;
            }

            capacity = used + used / 4;
            _neighbors.Reserve(capacity);
        }

        for (var i = 0; i < LocalCount; i++)
        {
            offsets[i] = (nint)(_neighbors.Pointer + offsets[i]);
        }
    }

    private int SearchAround(int i, int* bins, double cutoffSquared, int* neighbors, long offset, long capacity)
    {
        var bin = _binOf.Pointer[i];
        int bc = bin % bins[2], bb = bin / bins[2] % bins[1], ba = bin / bins[2] / bins[1];
        double x = Positions[3L * i], y = Positions[3L * i + 1], z = Positions[3L * i + 2];
        var found = 0;
        for (var a = Math.Max(ba - 1, 0); a <= Math.Min(ba + 1, bins[0] - 1); a++)
        {
            for (var b = Math.Max(bb - 1, 0); b <= Math.Min(bb + 1, bins[1] - 1); b++)
            {
                var row = (a * bins[1] + b) * bins[2];
                var first = _binStart.Pointer[row + Math.Max(bc - 1, 0)];
                var last = _binStart.Pointer[row + Math.Min(bc + 1, bins[2] - 1) + 1];
                for (var m = first; m < last; m++)
                {
                    var j = _binned.Pointer[m];
                    double dx = Positions[3L * j] - x, dy = Positions[3L * j + 1] - y, dz = Positions[3L * j + 2] - z;
                    if (dx * dx + dy * dy + dz * dz < cutoffSquared && j != i)
                    {
                        if (offset + found < capacity)
                        {
                            neighbors[offset + found] = j;
                        }

                        found++;
                    }
                }
            }
        }

        return found;
    }
}
