using System.Collections.Immutable;

namespace MofInterop.Slurm;

/// <summary>What a job asks of Slurm; null leaves it to the cluster's defaults.</summary>
public sealed record SlurmRequest
{
    /// <summary>Partition (queue).</summary>
    public string? Partition { get; init; }

    /// <summary>Account that is charged.</summary>
    public string? Account { get; init; }

    /// <summary>Quality of service.</summary>
    public string? Qos { get; init; }

    /// <summary>Longest time of one job; null: from the command's own limit where it has one.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Memory of a job on each node, MiB.</summary>
    public int? MemoryMegabytes { get; init; }

    /// <summary>Nodes of a job.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Cores of a job where a command uses fewer.</summary>
    public int? Cores { get; init; }

    /// <summary>GPUs of a job as <c>--gres</c> counts them.</summary>
    public int? Gpus { get; init; }

    /// <summary>Further options of <c>sbatch</c>, one a line of the job script.</summary>
    public ImmutableArray<string> Extra { get; init; } = [];
}

/// <summary>The image that programs run in.</summary>
/// <param name="Runtime">Program that runs images: <c>apptainer</c>, <c>singularity</c> or <c>podman</c>.</param>
/// <param name="Image">Image file or name.</param>
/// <param name="Programs">File names of the programs that are in the image; empty: all.</param>
/// <param name="Options">Further options for the runtime.</param>
public sealed record SlurmContainer(string Runtime, string Image, ImmutableArray<string> Programs, ImmutableArray<string> Options);

/// <summary>How jobs are made, watched and repeated.</summary>
public sealed record SlurmSettings
{
    /// <summary>What each job asks for.</summary>
    public SlurmRequest Request { get; init; } = new();

    /// <summary>Environment modules that a job loads before anything else.</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    /// <summary>Shell lines that a job runs after that.</summary>
    public ImmutableArray<string> Setup { get; init; } = [];

    /// <summary>The image that programs run in, or null.</summary>
    public SlurmContainer? Container { get; init; }

    /// <summary>How many jobs of an array run at the same time; null: as many as Slurm lets.</summary>
    public int? AtMost { get; init; }

    /// <summary>Time between two looks at the jobs.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a job that got lost (a failed node, a job that Slurm no longer knows) is submitted again.</summary>
    public int Resubmissions { get; init; } = 3;

    /// <summary>Commands that come within this time of each other become one array.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a job may have ended without its result being seen: file servers show another machine's files late, by as much as
    /// the attribute cache of NFS keeps them (3 to 60 s).
    /// </summary>
    public TimeSpan FilePatience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Where the runner tells what becomes of jobs.</summary>
public interface IJobLog
{
    /// <summary>A line for the user.</summary>
    void Say(string text);

    /// <summary>A fact for the run's journal.</summary>
    /// <param name="name">What happened, kebab-case: <c>jobs-submitted</c>.</param>
    /// <param name="facts">The facts.</param>
    void Record(string name, IReadOnlyDictionary<string, object> facts);
}
