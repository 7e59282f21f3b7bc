using System.Collections.Concurrent;

namespace MofInterop.Execution;

/// <summary>One thread that never ends and starts every program: see <see cref="ProcessGuard"/> for why.</summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> Requests = [];

    static ProcessStarter() => new Thread(Serve) { IsBackground = true, Name = "process starter" }.Start();

    /// <summary>Runs a function on the starter thread and returns what it returns or throws.</summary>
    public static T Start<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            catch (Exception problem)
            {
                done.SetException(problem);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    private static void Serve()
    {
        foreach (var request in Requests.GetConsumingEnumerable())
        {
            request();
        }
    }
}
