using Medallion.Shell;

namespace MofInterop.Execution;

/// <summary>
/// Sees to it that programs do not outlive this process, even after <c>kill -9</c>. Two nets:
/// the program itself gets the kernel's parent-death signal (<c>setpriv --pdeathsig KILL</c>, util-linux), and a small shell
/// beside this process, whose standard input ends when this process does, kills all that is left of the open sessions.
/// The kernel counts the death of the <em>thread</em> that forked as the parent's, so every program is started from one thread that never ends.
/// </summary>
internal sealed class ProcessGuard
{
    private const string Watch = """
        sessions=" "
        while read -r action session; do
          rest=" "
          for known in $sessions; do
            [ "$known" = "$session" ] || rest="$rest$known "
          done
          sessions=$rest
          [ "$action" = open ] && sessions="$sessions$session "
        done
        for stat in /proc/[0-9]*/stat; do
          { read -r line < "$stat"; } 2>/dev/null || continue
          set -- ${line##*) }
          case $sessions in
            *" $4 "*) id=${stat#/proc/}; kill -KILL "${id%/stat}" 2>/dev/null ;;
          esac
        done
        """;

    private static readonly Lazy<ProcessGuard> Lazily = new(() => new ProcessGuard());

    private readonly Lock _gate = new();
    private readonly Command? _watch;

    private ProcessGuard()
    {
        if (SetSid is not null)
        {
            _watch = new Shell(options => options.WorkingDirectory("/")).Run(SetSid, "/bin/sh", "-c", Watch);
        }
    }

    /// <summary>The guard of this process. First used on the starter thread, which outlives it.</summary>
    public static ProcessGuard Instance => Lazily.Value;

    /// <summary>Path of <c>setsid</c>, or null where the system lacks it.</summary>
    public static string? SetSid { get; } = OperatingSystem.IsLinux() ? ProgramFinder.Find("setsid") : null;

    /// <summary>Path of <c>setpriv</c>, or null where the system lacks it.</summary>
    public static string? SetPriv { get; } = OperatingSystem.IsLinux() ? ProgramFinder.Find("setpriv") : null;

    /// <summary>The program and arguments to start so that the given program runs guarded, under the same process id.</summary>
    public static (string Program, IEnumerable<string> Arguments) Wrap(string program, IEnumerable<string> arguments)
    {
        if (SetPriv is not null)
        {
            arguments = ["--pdeathsig", "KILL", "--", program, .. arguments];
            program = SetPriv;
        }

        return SetSid is null ? (program, arguments) : (SetSid, [program, .. arguments]);
    }

    /// <summary>A session is to be killed if this process ends before <see cref="Close"/>.</summary>
    public void Open(int session) => Tell($"open {session}");

    /// <summary>A session has ended.</summary>
    public void Close(int session) => Tell($"close {session}");

    private void Tell(string line)
    {
        lock (_gate)
        {
            try
            {
                _watch?.StandardInput.WriteLine(line);
            }
            catch (IOException)
            {
                // The watching shell was killed from outside; the parent-death signal remains.
            }
        }
    }
}
