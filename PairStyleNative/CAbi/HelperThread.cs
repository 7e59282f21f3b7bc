using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MofInterop.CAbi;

/// <summary>What a helper thread can help with.</summary>
internal interface IHelpedWork
{
    /// <summary>Takes part until nothing is left to take; does not throw.</summary>
    void Help();
}

/// <summary>
/// A thread that helps whoever posts work to it. Between two posts it spins for a short while, because a host asks again
/// within microseconds and waking a sleeping thread takes tens of them; then it sleeps.
/// </summary>
/// <remarks>Nobody waits for it: it comes, or the one who posted does the work and withdraws the post.</remarks>
internal sealed unsafe partial class HelperThread
{
    // Longer than what LAMMPS does between two steps of a thousand atoms.
    private static readonly long _shortestSpin = Stopwatch.Frequency / 10_000;
    private static readonly long _longestSpin = Stopwatch.Frequency / 500;

    // A semaphore of the C library: unlike those of .NET it costs the one who wakes nothing but the system call.
    private readonly void* _wake = NativeMemory.AllocZeroed(SemaphoreSize);
    private IHelpedWork? _work;

    // What a host does between two steps grows with the work of a step, of which it is a few percent.
    private long _spin = _shortestSpin;
    private int _state = (int)State.NotStarted;

    private const int SemaphoreSize = 32;

    private enum State
    {
        NotStarted,
        Free,
        Asleep,

        /// <summary>Taken by one who posts.</summary>
        Reserved,
        Posted,
        Busy,

        /// <summary>The system refused the thread.</summary>
        Refused,
    }

    /// <summary>Hands work to this thread; false where it has other work.</summary>
    public bool TryPost(IHelpedWork work)
    {
        var found = (State)Volatile.Read(ref _state);
        if (found is not (State.NotStarted or State.Free or State.Asleep) || !Change(found, State.Reserved))
        {
            return false;
        }

        if (found == State.NotStarted && !Start())
        {
            Volatile.Write(ref _state, (int)State.Refused);
            return false;
        }

        _work = work;
        Volatile.Write(ref _state, (int)State.Posted);
        if (found == State.Asleep)
        {
            _ = Post(_wake);
        }

        return true;
    }

    /// <summary>Takes back work that this thread has not begun. To withdraw what another has posted meanwhile costs that one time, nothing else.</summary>
    public void Withdraw(IHelpedWork work)
    {
        if (ReferenceEquals(_work, work))
        {
            Change(State.Posted, State.Free);
        }
    }

    private bool Change(State from, State to) => Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;

    private bool Start()
    {
        if (Initialize(_wake, 0, 0) != 0)
        {
            return false;
        }

        try
        {
            new Thread(Run) { IsBackground = true, Name = "mof helper" }.Start();
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    private void Run()
    {
        while (true)
        {
            AwaitPost();
            var begin = Stopwatch.GetTimestamp();
            _work!.Help();
            _work = null;
            var worked = Stopwatch.GetTimestamp() - begin;

            // A step is a long piece of work and a short one.
            _spin = Math.Clamp(Math.Max(worked / 10, _spin / 2), _shortestSpin, _longestSpin);
            Volatile.Write(ref _state, (int)State.Free);
        }
    }

    private void AwaitPost()
    {
        var end = Stopwatch.GetTimestamp() + _spin;
        while (true)
        {
            var found = (State)Volatile.Read(ref _state);
            if (found == State.Posted && Change(State.Posted, State.Busy))
            {
                return;
            }

            if (found == State.Free && Stopwatch.GetTimestamp() > end && Change(State.Free, State.Asleep))
            {
                // Whoever posts to a sleeper wakes it, even if the post is withdrawn before it is up.
                while (Wait(_wake) != 0)
                {
                }

                end = Stopwatch.GetTimestamp() + _spin;
            }

            Relax();
        }
    }

    /// <summary>A moment for the other threads of the core.</summary>
    public static void Relax()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }

    [LibraryImport("libc", EntryPoint = "sem_init")]
    private static partial int Initialize(void* semaphore, int shared, uint value);

    [LibraryImport("libc", EntryPoint = "sem_post")]
    private static partial int Post(void* semaphore);

    [LibraryImport("libc", EntryPoint = "sem_wait")]
    private static partial int Wait(void* semaphore);
}
