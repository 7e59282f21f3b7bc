namespace MofInterop.Potentials.Tests;

/// <summary>What a computation allocates on the managed heap.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// Bytes of the round that took least: the runtime allocates on a thread now and then when it compiles a method anew; what a
    /// computation allocates shows in every round.
    /// </summary>
    public static long Least(Action computation) => Enumerable.Range(0, Rounds).Select(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        computation();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }).Min();
}
