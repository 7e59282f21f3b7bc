using System.Security.Cryptography;
using System.Text;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>
/// Long runs of LAMMPS. It works in <c>steps/&lt;step&gt;/dynamics/</c>, outside of units, so that a kill costs what came after the last restart file; what a finished run leaves is kept in the run folder's
/// cache under all that it depends on, so that other parameters of a step, another temperature in its list, say, repeat none.
/// </summary>
internal sealed class ResumableDynamics
{
    private const string LammpsFolder = "lammps";
    private readonly string _cacheName;
    private readonly LammpsDynamics _dynamics;
    private readonly StepContext _context;

    /// <summary>Prepares runs.</summary>
    /// <param name="services">What runs programs.</param>
    /// <param name="context">The step.</param>
    /// <param name="cacheName">Under which results are kept.</param>
    /// <param name="timeLimit">Of a run, or null.</param>
    /// <exception cref="MofException">There is no LAMMPS (ToolFailure).</exception>
    public ResumableDynamics(StepServices services, StepContext context, string cacheName, Quantity? timeLimit)
    {
        var tool = new LammpsTool(new WatchedRunner(services.Runner, ProgramUse.Dynamics, context), new LammpsSettings { TimeLimit = timeLimit is { } limit ? TimeSpan.FromSeconds(limit.Value) : null });
        _ = tool.Program;
        _dynamics = new LammpsDynamics(tool);
        _context = context;
        _cacheName = cacheName;
    }

    /// <summary>All that the result of a run depends on: the deck that LAMMPS gets, the potential, and more that a step adds, such as the atoms to the last bit.</summary>
    public static string Key(LammpsRun run, SimulationPotential potential, params string[] more)
    {
        var deck = LammpsInputDeck.Write(run with { Output = run.Output with { RestartEvery = 1 }, Potential = LammpsPotential.Text(run.Potential.Labels, "potential") });
        return $"{deck}\n{potential.Fingerprint}\n{string.Join('\n', more)}";
    }

    /// <summary>Whether the result is there already.</summary>
    public bool Has(string key) => _context.HasCached(_cacheName, key);

    /// <summary>Makes a run, going on from its last restart file, or takes it from the cache.</summary>
    /// <param name="run">The run.</param>
    /// <param name="key">Of its result.</param>
    /// <param name="onStep">Told how many steps are done, and whether an earlier start had done them.</param>
    /// <param name="keep">Writes what is to be kept into a folder; gets LAMMPS's result, the folder that it worked in and the cancellation, too.</param>
    /// <param name="isKept">Whether a file of LAMMPS, by its name, stays beside it to be looked at. Restart files never do.</param>
    /// <param name="cancellation">Stops; a later call goes on.</param>
    /// <returns>The folder that was written into.</returns>
    /// <exception cref="MofException">LAMMPS fails (ToolFailure).</exception>
    public Task<string> RunAsync(
        LammpsRun run, string key, Action<long, bool> onStep, Action<LammpsDynamicsResult, string, string, CancellationToken> keep, Func<string, bool> isKept, CancellationToken cancellation) =>
        _context.CachedAsync(_cacheName, key, async (folder, token) =>
        {
            var work = Path.Combine(_context.StepFolder, "dynamics", $"{run.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..12]}");
            keep(await LammpsAsync(run, work, onStep, token).ConfigureAwait(false), folder, work, token);
            foreach (var file in Directory.EnumerateFiles(work, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is var name && (name.StartsWith("restart.", StringComparison.Ordinal) || !isKept(name))))
            {
                File.Delete(file);
            }

            Directory.Move(work, Path.Combine(folder, LammpsFolder));
        }, cancellation);

    private async Task<LammpsDynamicsResult> LammpsAsync(LammpsRun run, string work, Action<long, bool> onStep, CancellationToken cancellation)
    {
        var started = false;
        try
        {
            var result = await _dynamics.RunAsync(
                run, work, step =>
                {
                    // The first word is where an earlier start had come to.
                    onStep(step, !started);
                    started = true;
                }, cancellation).ConfigureAwait(false);
            if (result.LammpsVersion is { } version)
            {
                _context.RecordVersion("LAMMPS", version);
            }

            return result;
        }
        catch (MofException failure)
        {
            MachineFaults.ThrowIfDiskIsFull(_context.RunFolder, Directory.EnumerateDirectories(work).Order(StringComparer.Ordinal).LastOrDefault() ?? work, failure.Message);
            throw;
        }
    }
}
