using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace MofInterop.Slurm.Tests;

/// <summary>
/// A real Slurm of one controller and one node on this machine, apart from any that is installed: own configuration, state, key and ports. Every
/// daemon ends with this process, however it ends.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    private const int NodeCores = 2;
    private readonly string _folder = Directory.CreateTempSubdirectory("mofslurm-").FullName;
    private readonly Dictionary<string, Process> _daemons = [];

    public SlurmCluster()
    {
        Absent = Missing();
        if (Absent is not null)
        {
            return;
        }

        Configure();
        Environment.SetEnvironmentVariable("SLURM_CONF", Configuration);
        Start("munged", $"/usr/sbin/munged --foreground --force --num-threads=2 --socket={_folder}/munge/socket --key-file={_folder}/munge/key --log-file={_folder}/munge/log --pid-file={_folder}/munge/pid --seed-file={_folder}/munge/seed");
        Wait("munge to answer", () => File.Exists($"{_folder}/munge/socket"));
        StartController();
        StartNode();
        Wait("the node to be idle", () => Ask("sinfo", "--noheader", "--format=%T").Contains("idle", StringComparison.Ordinal));
    }

    /// <summary>Why there is no cluster, or null.</summary>
    public string? Absent { get; }

    /// <summary>Path of slurm.conf.</summary>
    public string Configuration => Path.Combine(_folder, "slurm.conf");

    public void StartController() => Start("slurmctld", $"/usr/sbin/slurmctld -D -f {Configuration}");

    public void StartNode() => Start("slurmd", $"/usr/sbin/slurmd -D -N node1 -f {Configuration}");

    /// <summary>Ends the controller as a restart for maintenance does; it saves its state.</summary>
    public void StopController() => Stop("slurmctld", "TERM");

    /// <summary>kill -9 of the node's daemon and of all that runs on the node, as if its power had failed.</summary>
    public void KillNode()
    {
        var doomed = Doomed();
        Stop("slurmd");
        foreach (var id in doomed)
        {
            KillProcess(id);
        }
    }

    /// <summary>Runs one of Slurm's commands; what it printed.</summary>
    public static string Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + error.Result;
    }

    /// <summary>Jobs and tasks that are queued or running, as <c>id state</c>.</summary>
    public static string[] Queue() => Ask("squeue", "--noheader", "--array", "--format=%F_%K %T").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Waits until something is so.</summary>
    public static void Wait(string what, Func<bool> condition, int seconds = 60)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(50))
        {
            if (clock.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"waited {seconds} s for {what}");
            }
        }
    }

    public void Dispose()
    {
        if (Absent is null)
        {
            KillNode();
            foreach (var daemon in _daemons.Keys.ToArray())
            {
                Stop(daemon);
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Slurm runs on Linux";
        }

        var missing = new[] { "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch" }.FirstOrDefault(path => !File.Exists(path));
        if (missing is not null)
        {
            return $"{missing} is absent: apt-get install slurm-wlm munge";
        }

        return Environment.IsPrivilegedProcess ? null : "a node of Slurm is started by root only";
    }

    private void Configure()
    {
        foreach (var folder in new[] { "munge", "state", "spool", "log" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        }

        // munged accepts no folder that others can write to.
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var key = Path.Combine(_folder, "munge", "key");
        File.WriteAllBytes(key, System.Security.Cryptography.RandomNumberGenerator.GetBytes(256));
        File.SetUnixFileMode(key, UnixFileMode.UserRead);
        var host = Environment.MachineName;
        File.WriteAllText(Configuration, string.Create(CultureInfo.InvariantCulture, $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            SlurmUser={Environment.UserName}
            SlurmdUser={Environment.UserName}
            AuthType=auth/munge
            AuthInfo=socket={_folder}/munge/socket
            CredType=cred/munge
            StateSaveLocation={_folder}/state
            SlurmdSpoolDir={_folder}/spool
            SlurmctldPidFile={_folder}/slurmctld.pid
            SlurmdPidFile={_folder}/slurmd.pid
            SlurmctldLogFile={_folder}/log/slurmctld
            SlurmdLogFile={_folder}/log/slurmd
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SwitchType=switch/none
            MpiDefault=none
            AccountingStorageType=accounting_storage/none
            JobAcctGatherType=jobacct_gather/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            SchedulerType=sched/backfill
            SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1,sched_interval=2
            ReturnToService=2
            SlurmdTimeout=6
            SlurmctldTimeout=6
            KillWait=2
            MinJobAge=300
            JobRequeue=1
            NodeName=node1 NodeHostname={host} NodeAddr=127.0.0.1 CPUs={NodeCores} RealMemory=2000 State=UNKNOWN
            PartitionName=debug Nodes=node1 Default=YES MaxTime=INFINITE State=UP
            PartitionName=closed Nodes=node1 MaxTime=1 State=DOWN

            """));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The shell around a daemon ends it when this process, the other end of its standard input, is gone.</summary>
    private void Start(string name, string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{command} > {_folder}/log/{name}.out 2>&1 & daemon=$!; echo $daemon > {_folder}/{name}.id; read -r signal; kill -${{signal:-9}} $daemon; wait $daemon"])
        {
            RedirectStandardInput = true,
        };
        start.Environment["SLURM_CONF"] = Configuration;
        _daemons[name] = Process.Start(start)!;
        Wait($"{name} to start", () => File.Exists($"{_folder}/{name}.id") && File.ReadAllText($"{_folder}/{name}.id").EndsWith('\n'));
    }

    private void Stop(string name, string signal = "KILL")
    {
        if (_daemons.Remove(name, out var shell))
        {
            shell.StandardInput.WriteLine(signal);
            shell.StandardInput.Close();
            shell.WaitForExit();
            shell.Dispose();
            File.Delete($"{_folder}/{name}.id");
        }
    }

    /// <summary>The step daemons of this cluster and all their descendants.</summary>
    private HashSet<int> Doomed()
    {
        var parents = new Dictionary<int, int>();
        var doomed = new HashSet<int>();
        foreach (var id in Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0).Where(id => id > 0))
        {
            var stat = Read(id, "stat");
            if (stat.Length == 0)
            {
                continue;
            }

            parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], CultureInfo.InvariantCulture);
            if (stat.Contains("(slurmstepd)", StringComparison.Ordinal) && Read(id, "environ").Contains(Configuration, StringComparison.Ordinal))
            {
                doomed.Add(id);
            }
        }

        for (var before = 0; before < doomed.Count;)
        {
            before = doomed.Count;
            doomed.UnionWith(parents.Where(pair => doomed.Contains(pair.Value)).Select(pair => pair.Key));
        }

        return doomed;
    }

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static void KillProcess(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }
}

/// <summary>All tests of one cluster, one after the other.</summary>
[CollectionDefinition("slurm")]
public sealed class SlurmTests : ICollectionFixture<SlurmCluster>
{
}
