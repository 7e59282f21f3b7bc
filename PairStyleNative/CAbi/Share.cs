using System.Numerics;
using System.Runtime.InteropServices;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi;

/// <summary>
/// Some of the centers of a computation, and room for their results. A share reaches few of the atoms, so it keeps account
/// of the blocks of atoms that it may add to: only these are cleared and added up.
/// </summary>
internal sealed unsafe class Share : IDisposable
{
    /// <summary>Atoms in a block.</summary>
    public const int BlockSize = 64;

    // Lists as long as this reach most atoms, and to go through them takes longer than to add up what is zero.
    private const int LongList = 100;

    private readonly ResultMemory _memory = new();
    private readonly NativeArray<byte> _touched = new();
    private NeighborView _view;
    private EvaluationBuffers _results;
    private int _first;
    private bool _checked;

    /// <summary>Its centers.</summary>
    public ref readonly NeighborView View => ref _view;

    /// <summary>What it adds to.</summary>
    public ref readonly EvaluationBuffers Results => ref _results;

    /// <summary>How its computation ended.</summary>
    public EvaluationOutcome Outcome { get; set; }

    /// <summary>What was thrown in its computation.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Takes centers and makes room.</summary>
    /// <param name="view">All atoms, and the centers of this share.</param>
    /// <param name="first">Place of its first center among those of the computation.</param>
    /// <param name="wanted">The results of the computation.</param>
    /// <param name="listsAreChecked">Whether the lists are known to name atoms.</param>
    public void Prepare(in NeighborView view, int first, in EvaluationBuffers wanted, bool listsAreChecked)
    {
        _view = view;
        _first = first;
        _checked = listsAreChecked;
        _results = _memory.Reserve(wanted, view.AtomCount);
        _touched.Reserve(Blocks(view.AtomCount));
        Outcome = EvaluationOutcome.Success;
        Failure = null;
    }

    /// <summary>Looks at the lists and clears the results that will be added to; before the first stage, in the thread that computes.</summary>
    public void Begin()
    {
        if (!_checked)
        {
            NeighborCheck.Lists(_view, _first);
        }

        Touch();
        ResultMemory.ClearTotals(_results);
        for (var block = 0; block < Blocks(_view.AtomCount); block++)
        {
            if (_touched.Pointer[block] != 0)
            {
                var (atom, count) = BlockAt(block);
                Clear(_results.Forces, 3, atom, count);
                Clear(_results.AtomEnergies, 1, atom, count);
                Clear(_results.AtomVirials, 9, atom, count);
                Clear(_results.Grades, 1, atom, count);
            }
        }
    }

    /// <summary>Adds energy and virial.</summary>
    public void AddTotals(in EvaluationBuffers target)
    {
        Add(target.Energy, _results.Energy, 1, 0, 1);
        Add(target.Virial, _results.Virial, 9, 0, 1);
    }

    /// <summary>Adds what belongs to the atoms of one block.</summary>
    public void AddBlock(in EvaluationBuffers target, int block)
    {
        if (_touched.Pointer[block] != 0)
        {
            var (atom, count) = BlockAt(block);
            Add(target.Forces, _results.Forces, 3, atom, count);
            Add(target.AtomEnergies, _results.AtomEnergies, 1, atom, count);
            Add(target.AtomVirials, _results.AtomVirials, 9, atom, count);
            Add(target.Grades, _results.Grades, 1, atom, count);
        }
    }

    /// <summary>Blocks of so many atoms.</summary>
    public static int Blocks(int atoms) => (atoms + BlockSize - 1) / BlockSize;

    public void Dispose()
    {
        _memory.Dispose();
        _touched.Dispose();
    }

    private void Touch()
    {
        var blocks = new Span<byte>(_touched.Pointer, Blocks(_view.AtomCount));
        long pairs = 0;
        for (var c = 0; c < _view.CenterCount; c++)
        {
            pairs += _view.NeighborCounts[_view.Centers[c]];
        }

        if (pairs > (long)LongList * _view.CenterCount)
        {
            blocks.Fill(1);
            return;
        }

        blocks.Clear();
        byte* touched = _touched.Pointer;
        var mask = _view.NeighborMask;
        for (var c = 0; c < _view.CenterCount; c++)
        {
            var i = _view.Centers[c];
            touched[i / BlockSize] = 1;
            int* list = _view.Neighbors[i], end = list + _view.NeighborCounts[i];
            for (; list < end; list++)
            {
                touched[(uint)(*list & mask) / BlockSize] = 1;
            }
        }
    }

    private (int Atom, int Count) BlockAt(int block) => (block * BlockSize, Math.Min(BlockSize, _view.AtomCount - block * BlockSize));

    private static void Clear(double* values, int width, int atom, int count)
    {
        if (values is not null)
        {
            NativeMemory.Clear(values + (long)width * atom, (nuint)(width * count) * sizeof(double));
        }
    }

    private static void Add(double* target, double* source, int width, int atom, int count)
    {
        if (target is null)
        {
            return;
        }

        target += (long)width * atom;
        source += (long)width * atom;
        int k = 0, numbers = width * count;
        for (; k + Vector<double>.Count <= numbers; k += Vector<double>.Count)
        {
            (Vector.Load(target + k) + Vector.Load(source + k)).Store(target + k);
        }

        for (; k < numbers; k++)
        {
            target[k] += source[k];
        }
    }
}
