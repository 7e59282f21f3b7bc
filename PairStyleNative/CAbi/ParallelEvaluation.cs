using System.Runtime.InteropServices;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi;

/// <summary>
/// Splits the centers of one computation into equal shares, some for each thread that is allowed, each with results of its
/// own, which are added up in order: the answer depends on the number of threads allowed, not on which of them came.
/// </summary>
/// <remarks>
/// The calling thread takes shares like any helper and never waits for a helper that has not taken one. So a helper
/// that does not come, because all cores are in use or because the process was forked, costs time and nothing else.
/// </remarks>
internal static class ParallelEvaluation
{
    /// <summary>Fewer atoms than this are not worth a thread.</summary>
    private const int MinimumShare = 16;

    /// <summary>Shares for each thread, where that leaves enough atoms in a share: no thread waits long for a slower one.</summary>
    private const int SharesOfThread = 4;

    /// <summary>Atoms in a share that others could take instead: a few groups of the vector kernels.</summary>
    private const int FineShare = 64;

    /// <summary>Adds to the buffers, as <see cref="IPotential.Compute"/>.</summary>
    /// <param name="entry">What to compute, with how many threads.</param>
    /// <param name="workspace">Work memory.</param>
    /// <param name="atoms">The atoms.</param>
    /// <param name="buffers">Added to.</param>
    /// <param name="exchange">How a staged potential gets the values of ghosts; null: see <see cref="StagedEvaluation"/>.</param>
    public static unsafe EvaluationOutcome Compute(PotentialEntry entry, Workspace workspace, in NeighborView atoms, in EvaluationBuffers buffers, IGhostExchange? exchange)
    {
        var threads = Math.Min(entry.Threads, atoms.CenterCount / MinimumShare);
        var shares = threads < 2 ? 1 : Math.Max(threads, Math.Min(SharesOfThread * threads, atoms.CenterCount / FineShare));
        if (entry.Potential is not IStagedPotential staged)
        {
            return shares < 2
                ? entry.Potential.Compute(atoms, buffers)
                : new Job(entry.Potential, workspace, atoms, buffers, shares, threads).Run();
        }

        var values = workspace.Values.Reserve((long)atoms.AtomCount * staged.ValueWidth + 1);
        return shares < 2
            ? StagedEvaluation.Run(staged, atoms, buffers, values, exchange)
            : new Job(staged, workspace, atoms, buffers, shares, threads).Run(staged, atoms, values, exchange);
    }

    private sealed unsafe class Job : IThreadPoolWorkItem
    {
        private readonly IPotential _potential;
        private readonly int _threads;
        private readonly NeighborView[] _views;
        private readonly EvaluationBuffers[] _parts;
        private readonly EvaluationOutcome[] _outcomes;
        private readonly EvaluationBuffers _total;
        private readonly int _atomCount;
        private Exception? _failure;
        private IStagedPotential? _staged;
        private double* _values;
        private int _stage;
        private int _taken;
        private int _done;

        public Job(IPotential potential, Workspace workspace, in NeighborView atoms, in EvaluationBuffers buffers, int shares, int threads)
        {
            _potential = potential;
            _threads = threads;
            _total = buffers;
            _atomCount = atoms.AtomCount;
            _views = new NeighborView[shares];
            _parts = new EvaluationBuffers[shares];
            _outcomes = new EvaluationOutcome[shares];
            var centers = atoms.Centers;
            if (centers is null)
            {
                centers = workspace.Centers.Reserve(atoms.CenterCount);
                for (var i = 0; i < atoms.CenterCount; i++)
                {
                    centers[i] = i;
                }
            }

            for (var share = 0; share < shares; share++)
            {
                var first = (int)((long)atoms.CenterCount * share / shares);
                var last = (int)((long)atoms.CenterCount * (share + 1) / shares);
                _views[share] = atoms with { Centers = centers + first, CenterCount = last - first };
                _parts[share] = workspace.Part(share).Clear(buffers, atoms.AtomCount);
            }
        }

        public EvaluationOutcome Run()
        {
            var outcome = RunShares();
            if (outcome.Status == EvaluationStatus.Success)
            {
                AddUp();
            }

            return outcome;
        }

        public EvaluationOutcome Run(IStagedPotential staged, in NeighborView atoms, double* values, IGhostExchange? exchange)
        {
            _staged = staged;
            _values = values;
            StagedEvaluation.Clear(staged, atoms, values);
            for (var stage = 0; stage < staged.StageCount; stage++)
            {
                var outcome = stage == 0 ? EvaluationOutcome.Success : StagedEvaluation.Forward(staged, atoms, values, exchange);
                outcome = outcome.Status == EvaluationStatus.Success ? RunStage(stage) : outcome;
                if (outcome.Status != EvaluationStatus.Success)
                {
                    return outcome;
                }
            }

            AddUp();
            return EvaluationOutcome.Success;
        }

        // A helper that is late for one stage finds no share of it, or takes one of the next: whoever sees a share to take
        // sees its stage, which is written before.
        private EvaluationOutcome RunStage(int stage)
        {
            _stage = stage;
            _done = 0;
            Volatile.Write(ref _taken, 0);
            return RunShares();
        }

        private EvaluationOutcome RunShares()
        {
            var helpers = ThreadBudget.Take(_threads - 1);
            for (var h = 0; h < helpers; h++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            TakeShares();
            var wait = default(SpinWait);
            while (Volatile.Read(ref _done) < _views.Length)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }

            ThreadBudget.Return(helpers);
            if (_failure is not null)
            {
                throw new InvalidOperationException(_failure.Message, _failure);
            }

            foreach (var outcome in _outcomes)
            {
                if (outcome.Status != EvaluationStatus.Success)
                {
                    return outcome;
                }
            }

            return EvaluationOutcome.Success;
        }

        void IThreadPoolWorkItem.Execute() => TakeShares();

        private void TakeShares()
        {
            for (var share = Interlocked.Increment(ref _taken) - 1; share < _views.Length; share = Interlocked.Increment(ref _taken) - 1)
            {
                try
                {
                    _outcomes[share] = _staged is null
                        ? _potential.Compute(_views[share], _parts[share])
                        : _staged.ComputeStage(_stage, _views[share], _parts[share], _values);
                }
                catch (Exception e)
                {
                    // Leaving a thread of the pool, it would end the host.
                    Volatile.Write(ref _failure, e);
                }

                Interlocked.Increment(ref _done);
            }
        }

        private void AddUp()
        {
            foreach (var part in _parts)
            {
                Add(_total.Energy, part.Energy, 1);
                Add(_total.Virial, part.Virial, 9);
                Add(_total.Forces, part.Forces, 3L * _atomCount);
                Add(_total.AtomEnergies, part.AtomEnergies, _atomCount);
                Add(_total.AtomVirials, part.AtomVirials, 9L * _atomCount);
                Add(_total.Grades, part.Grades, _atomCount);
            }
        }

        private static void Add(double* target, double* source, long count)
        {
            for (long k = 0; target is not null && k < count; k++)
            {
                target[k] += source[k];
            }
        }
    }
}

/// <summary>Helper threads that all potentials of this process may have at once: one less than there are cores.</summary>
internal static partial class ThreadBudget
{
    private static readonly int Owner = GetProcessId();

    private static int _free = Environment.ProcessorCount - 1;

    /// <summary>Takes up to <paramref name="wanted"/> helpers.</summary>
    /// <returns>How many there are; they must be returned.</returns>
    public static int Take(int wanted)
    {
        // A forked process has none of its parent's threads, and its pool does not know.
        if (GetProcessId() != Owner)
        {
            return 0;
        }

        while (true)
        {
            var free = Volatile.Read(ref _free);
            var taken = Math.Clamp(wanted, 0, free);
            if (Interlocked.CompareExchange(ref _free, free - taken, free) == free)
            {
                return taken;
            }
        }
    }

    /// <summary>Gives helpers back.</summary>
    public static void Return(int helpers) => Interlocked.Add(ref _free, helpers);

    [LibraryImport("libc", EntryPoint = "getpid")]
    private static partial int GetProcessId();
}
