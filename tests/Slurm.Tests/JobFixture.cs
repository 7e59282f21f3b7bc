using MofInterop.Execution;

namespace MofInterop.Slurm.Tests;

/// <summary>A runner of a real Slurm, a folder for its jobs, and a diary of what it tells.</summary>
public abstract class JobFixture : IDisposable
{
    private int _commands;

    protected JobFixture(SlurmCluster cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        Cluster = cluster;
        Skip.If(cluster.Absent is not null, cluster.Absent);
    }

    protected SlurmCluster Cluster { get; }

    protected string Work { get; } = Directory.CreateTempSubdirectory("mofjobs-").FullName;

    private protected JobDiary Diary { get; } = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(Work, recursive: true);
    }

    /// <summary>A cluster that has gone wrong makes a test fail, not hang.</summary>
    protected static Task<T> Soon<T>(Task<T> work) => work.WaitAsync(TimeSpan.FromMinutes(3));

    protected ToolCommand Shell(string script, params (string Name, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Work, $"work-{++_commands}")).FullName;
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        return new ToolCommand { Name = "shell", Program = "/bin/sh", Arguments = ["-c", script], WorkingDirectory = folder };
    }

    private protected SlurmToolRunner Runner(SlurmSettings? settings = null) => new(
        (settings ?? new SlurmSettings()) with { Poll = TimeSpan.FromSeconds(0.5), FilePatience = TimeSpan.FromSeconds(1), Window = TimeSpan.FromSeconds(0.3) },
        Path.Combine(Work, "jobs"), new ToolRunner(), Diary);
}
