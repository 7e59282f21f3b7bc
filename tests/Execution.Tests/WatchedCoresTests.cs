namespace MofInterop.Execution.Tests;

/// <summary>A budget of cores as one of its users sees it.</summary>
public sealed class WatchedCoresTests
{
    [Fact]
    public async Task Each_lease_from_it_is_told_once_when_it_ends_and_waiting_for_cores_is_left_out()
    {
        var cores = new CoreBudget(2);
        var told = new List<(TimeSpan Held, int Cores)>();
        var watched = cores.WatchedBy((held, count) => told.Add((held, count)));
        using var blocking = await cores.LeaseAsync(2);
        var waiting = watched.LeaseAsync(5);
        await Task.Delay(300);
        blocking.Dispose();
        var lease = await waiting;
        told.ShouldBeEmpty();
        lease.Cores.ShouldBe(2);
        lease.Dispose();
        lease.Dispose();
        told.Single().Cores.ShouldBe(2);
        told[0].Held.ShouldBeLessThan(TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task The_cores_are_shared_with_all_others()
    {
        var cores = new CoreBudget(2);
        var watched = cores.WatchedBy((_, _) => { });
        using (await watched.LeaseAsync(1))
        {
            cores.Free.ShouldBe(1);
            watched.Free.ShouldBe(1);
            watched.WatchedBy((_, _) => { }).Free.ShouldBe(1);
        }

        cores.Free.ShouldBe(2);
    }
}
