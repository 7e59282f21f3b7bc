using System.Diagnostics;

namespace MofInterop.Execution.Tests;

public sealed class OrphanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mof-orphans-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Programs_and_their_children_die_with_a_host_that_is_killed()
    {
        const string script = "sh -c 'sleep 200 & echo $!; wait' & echo $!; echo $$; wait";
        var command = new ToolCommand
        {
            Name = "host",
            Program = Path.Combine(AppContext.BaseDirectory, "MofInterop.FakeTool"),
            Arguments = [_folder, script],
            WorkingDirectory = _folder,
        };
        await using var host = new ToolRunner().Start(command);
        var processes = new List<int>();
        for (var k = 0; k < 3; k++)
        {
            processes.Add(int.Parse((await host.ReadLineAsync())!));
        }

        processes.ShouldAllBe(id => IsAlive(id));
        using (var process = Process.GetProcessById(host.ProcessId))
        {
            process.Kill();
        }

        for (var wait = Stopwatch.StartNew(); processes.Exists(IsAlive) && wait.Elapsed.TotalSeconds < 20;)
        {
            await Task.Delay(50);
        }

        processes.ShouldAllBe(id => !IsAlive(id));
    }

    private static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
