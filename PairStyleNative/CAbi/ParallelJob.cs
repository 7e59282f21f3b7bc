using System.Diagnostics;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>One computation by several threads; kept with its memory from call to call.</summary>
/// <remarks>
/// The calling thread takes shares like any helper and never waits for a helper that has not taken one. So a helper
/// that does not come, because all cores are in use or because the process was forked, costs time and nothing else.
/// </remarks>
internal sealed unsafe class ParallelJob : IHelpedWork, IDisposable
{
    /// <summary>Blocks of atoms that a thread adds up at once.</summary>
    private const int BlocksOfSum = 16;

    // A helper at work ends within its share; one that has lost its core may want ours.
    private static readonly long _patience = Stopwatch.Frequency / 5_000;

    private readonly List<Share> _shares = [];
    private readonly List<int> _sizes = [];
    private readonly NativeArray<int> _counting = new();
    private IPotential? _potential;
    private EvaluationBuffers _total;
    private int _atomCount;
    private int _threads;
    private int _shareCount;
    private double* _values;
    private int _stage;
    private Phase _phase;

    // How many pieces of the phase there are (upper half) and how many were taken: one number, so that a helper that comes late, even
    // in another computation, takes a piece of what is going on then or nothing.
    private long _pieces;
    private int _done;

    private enum Phase
    {
        Compute,
        AddUp,
    }

    /// <summary>Prepares shares.</summary>
    /// <param name="potential">What to compute.</param>
    /// <param name="threads">Threads it may use, at least 2.</param>
    /// <param name="atoms">The atoms.</param>
    /// <param name="buffers">Added to, if all goes well.</param>
    /// <param name="listsAreChecked">Whether the lists are known to name atoms.</param>
    public void Prepare(IPotential potential, int threads, in NeighborView atoms, in EvaluationBuffers buffers, bool listsAreChecked)
    {
        _potential = potential;
        _threads = threads;
        _total = buffers;
        _atomCount = atoms.AtomCount;
        ShareSizes.Cut(atoms.CenterCount, threads, potential.SmallestShare, _sizes);
        _shareCount = _sizes.Count;
        while (_shares.Count < _shareCount)
        {
            _shares.Add(new Share());
        }

        var centers = atoms.Centers is null ? Counting(atoms.CenterCount) : atoms.Centers;
        var first = 0;
        for (var s = 0; s < _shareCount; s++)
        {
            _shares[s].Prepare(atoms with { Centers = centers + first, CenterCount = _sizes[s] }, first, buffers, listsAreChecked);
            first += _sizes[s];
        }
    }

    /// <summary>Computes a potential without stages.</summary>
    public EvaluationOutcome Run()
    {
        var outcome = RunShares(stage: 0);
        return outcome.Status == EvaluationStatus.Success ? AddUp() : outcome;
    }

    /// <summary>Computes all stages of one that has them.</summary>
    public EvaluationOutcome Run(IStagedPotential staged, in NeighborView atoms, double* values, IGhostExchange? exchange)
    {
        _values = values;
        StagedEvaluation.Clear(staged, atoms, values);
        for (var stage = 0; stage < staged.StageCount; stage++)
        {
            var outcome = stage == 0 ? EvaluationOutcome.Success : StagedEvaluation.Forward(staged, stage - 1, atoms, values, exchange);
            outcome = outcome.Status == EvaluationStatus.Success ? RunShares(stage) : outcome;
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }
        }

        return AddUp();
    }

    /// <inheritdoc/>
    void IHelpedWork.Help() => TakePieces();

    public void Dispose()
    {
        _shares.ForEach(share => share.Dispose());
        _counting.Dispose();
    }

    private int* Counting(int count)
    {
        var numbers = _counting.Reserve(count);
        for (var i = 0; i < count; i++)
        {
            numbers[i] = i;
        }

        return numbers;
    }

    private EvaluationOutcome RunShares(int stage)
    {
        _stage = stage;
        RunPhase(Phase.Compute, _shareCount);
        for (var s = 0; s < _shareCount; s++)
        {
            if (_shares[s].Failure is { } failure)
            {
                throw failure is MofException ? failure : new InvalidOperationException(failure.Message, failure);
            }
        }

        for (var s = 0; s < _shareCount; s++)
        {
            if (_shares[s].Outcome.Status != EvaluationStatus.Success)
            {
                return _shares[s].Outcome;
            }
        }

        return EvaluationOutcome.Success;
    }

    // By blocks of atoms, in each in the order of the shares.
    private EvaluationOutcome AddUp()
    {
        for (var s = 0; s < _shareCount; s++)
        {
            _shares[s].AddTotals(_total);
        }

        RunPhase(Phase.AddUp, (Share.Blocks(_atomCount) + BlocksOfSum - 1) / BlocksOfSum);
        return EvaluationOutcome.Success;
    }

    private void RunPhase(Phase phase, int pieces)
    {
        _phase = phase;
        _done = 0;
        Volatile.Write(ref _pieces, (long)pieces << 32);
        ThreadBudget.Post(this, Math.Min(_threads, pieces) - 1);
        TakePieces();
        AwaitHelpers(pieces);
        ThreadBudget.Withdraw(this);
    }

    private void AwaitHelpers(int pieces)
    {
        var end = Stopwatch.GetTimestamp() + _patience;
        while (Volatile.Read(ref _done) < pieces)
        {
            if (Stopwatch.GetTimestamp() < end)
            {
                HelperThread.Relax();
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void TakePieces()
    {
        while (true)
        {
            var taken = Interlocked.Increment(ref _pieces);
            var piece = (int)taken - 1;
            if (piece >= (int)(taken >> 32))
            {
                return;
            }

            if (_phase == Phase.Compute)
            {
                Compute(_shares[piece]);
            }
            else
            {
                AddUp(piece);
            }

            Interlocked.Increment(ref _done);
        }
    }

    private void Compute(Share share)
    {
        try
        {
            if (_stage == 0)
            {
                share.Begin();
            }

            share.Outcome = _potential is IStagedPotential staged
                ? staged.ComputeStage(_stage, share.View, share.Results, _values)
                : _potential!.Compute(share.View, share.Results);
        }
        catch (Exception e)
        {
            // Leaving a helper, it would end the host.
            share.Failure = e;
        }
    }

    private void AddUp(int piece)
    {
        var end = Math.Min((piece + 1) * BlocksOfSum, Share.Blocks(_atomCount));
        for (var block = piece * BlocksOfSum; block < end; block++)
        {
            for (var s = 0; s < _shareCount; s++)
            {
                _shares[s].AddBlock(_total, block);
            }
        }
    }
}
