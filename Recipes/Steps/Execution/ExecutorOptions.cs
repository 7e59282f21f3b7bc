using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Where programs can run.</summary>
public enum ExecutorKind
{
    /// <summary>In this machine, within the cores of <c>--cores</c>.</summary>
    Local,

    /// <summary>As job arrays of Slurm.</summary>
    Slurm,
}

/// <summary>Where the programs of a recipe run (<c>executor:</c>).</summary>
public sealed record ExecutorOptions
{
    /// <summary>Longest time of a controller whose options give none.</summary>
    internal static readonly Quantity ControllerTimeLimit = Quantity.Parse("1 day");

    /// <summary>Kind.</summary>
    [Parameter("local: on this machine; slurm: as job arrays of a Slurm cluster.", AffectsResult = false)]
    public ExecutorKind Kind { get; init; } = ExecutorKind.Local;

    /// <summary>Partition.</summary>
    [Parameter("Partition (queue); left out: the cluster's default.", AffectsResult = false)]
    public string? Partition { get; init; }

    /// <summary>Account.</summary>
    [Parameter("Account that is charged.", AffectsResult = false)]
    public string? Account { get; init; }

    /// <summary>Quality of service.</summary>
    [Parameter("Quality of service.", AffectsResult = false)]
    public string? Qos { get; init; }

    /// <summary>Time limit.</summary>
    [Parameter("Longest time of one job; left out: the time limit of a reference calculation plus 5 min, the partition's default for the rest.", Dimension = Dimension.WallTime, Above = "0 s", AffectsResult = false)]
    public Quantity? TimeLimit { get; init; }

    /// <summary>Memory.</summary>
    [Parameter("Memory of one job on each node.", Dimension = Dimension.Memory, AtLeast = "1 MB", AffectsResult = false)]
    public Quantity? Memory { get; init; }

    /// <summary>Modules.</summary>
    [Parameter("Environment modules that jobs load (module load).", AffectsResult = false)]
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Setup.</summary>
    [Parameter("Shell lines that jobs run before the program, after loading modules.", AffectsResult = false)]
    public IReadOnlyList<string> Setup { get; init; } = [];

    /// <summary>Container.</summary>
    [Parameter("Image that programs run in.", AffectsResult = false)]
    public ContainerOptions? Container { get; init; }

    /// <summary>Further options.</summary>
    [Parameter("Further options of sbatch: ['--constraint=icelake'].", AffectsResult = false)]
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>Controller.</summary>
    [Parameter("What the job asks for in which mofinterop submit has the run itself done: fits and analysis; its programs are jobs of their own.", AffectsResult = false)]
    public ResourceOptions Controller { get; init; } = new() { TimeLimit = ControllerTimeLimit };

    /// <summary>At most.</summary>
    [Parameter("At most so many jobs of an array run at the same time; left out: as many as Slurm lets.", AtLeast = 1, AffectsResult = false)]
    public int? AtMost { get; init; }

    /// <summary>Poll.</summary>
    [Parameter("Time between two looks at the jobs.", Dimension = Dimension.WallTime, AtLeast = "0.5 s", AffectsResult = false)]
    public Quantity Poll { get; init; } = Quantity.Parse("5 s");

    /// <summary>File delay.</summary>
    [Parameter("How long after the end of a job its files may take to appear here (the attribute cache of the file server).", Dimension = Dimension.WallTime, AtLeast = "0 s", AffectsResult = false)]
    public Quantity FileDelay { get; init; } = Quantity.Parse("30 s");
}

/// <summary>An image that programs run in.</summary>
public sealed record ContainerOptions
{
    /// <summary>Image.</summary>
    [Parameter("Image file or name, as the runtime takes it.", AffectsResult = false)]
    public required string Image { get; init; }

    /// <summary>Runtime.</summary>
    [Parameter("Program that runs images: apptainer, singularity or podman, by name or path.", AffectsResult = false)]
    public string Runtime { get; init; } = "apptainer";

    /// <summary>Programs.</summary>
    [Parameter("File names of the programs that are in the image ([cp2k.psmp]); left out: all.", AffectsResult = false)]
    public IReadOnlyList<string> Programs { get; init; } = [];

    /// <summary>Options.</summary>
    [Parameter("Further options of the runtime: ['--nv'].", AffectsResult = false)]
    public IReadOnlyList<string> Options { get; init; } = [];
}

/// <summary>What the programs of one step ask for (<c>resources:</c>); what is left out is as in <c>executor:</c>.</summary>
public sealed record ResourceOptions
{
    /// <summary>Cores.</summary>
    [Parameter("Cores of a job, where the program uses fewer.", AtLeast = 1, AffectsResult = false)]
    public int? Cores { get; init; }

    /// <summary>Nodes.</summary>
    [Parameter("Nodes of a job.", AtLeast = 1, AffectsResult = false)]
    public int? Nodes { get; init; }

    /// <summary>GPUs.</summary>
    [Parameter("GPUs of a job on each node.", AtLeast = 0, AffectsResult = false)]
    public int? Gpus { get; init; }

    /// <summary>Memory.</summary>
    [Parameter("Memory of one job on each node.", Dimension = Dimension.Memory, AtLeast = "1 MB", AffectsResult = false)]
    public Quantity? Memory { get; init; }

    /// <summary>Time limit.</summary>
    [Parameter("Longest time of one job.", Dimension = Dimension.WallTime, Above = "0 s", AffectsResult = false)]
    public Quantity? TimeLimit { get; init; }

    /// <summary>Partition.</summary>
    [Parameter("Partition (queue).", AffectsResult = false)]
    public string? Partition { get; init; }

    /// <summary>Account.</summary>
    [Parameter("Account that is charged.", AffectsResult = false)]
    public string? Account { get; init; }

    /// <summary>Quality of service.</summary>
    [Parameter("Quality of service.", AffectsResult = false)]
    public string? Qos { get; init; }

    /// <summary>Further options.</summary>
    [Parameter("Further options of sbatch, after those of the executor.", AffectsResult = false)]
    public IReadOnlyList<string> Extra { get; init; } = [];
}
