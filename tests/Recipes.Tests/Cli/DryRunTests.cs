using MofInterop.Cli;
using MofInterop.Cp2k;
using MofInterop.Execution;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Cli;

/// <summary>The decks of a dry run.</summary>
public sealed class DryRunTests : IDisposable
{
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public DryRunTests() => File.Copy(Path.Combine(Repository.Root, "Recipes", "library", "mof5.cif"), _program["mof5.cif"]);

    public void Dispose() => _program.Dispose();

    [SkippableFact]
    public async Task Every_deck_of_the_published_PBE_settings_is_written_and_CP2K_finds_nothing_wrong_with_it()
    {
        Skip.IfNot(Cp2kTool.IsAvailable(new Cp2kSettings()), "CP2K is not installed");
        (await DryRunAsync(Paper("gfn1-xtb", "pbe") + Aimd)).ShouldBe(ExitCode.Success, _program.Error);

        Directory.Exists(_program["run"]).ShouldBeFalse("a dry run changes nothing else");
        var labels = File.ReadAllText(_program["decks/learn/reference/cp2k.inp"]);
        foreach (var line in (string[])["RUN_TYPE ENERGY_FORCE", "CUTOFF [Ry] 1000", "EPS_SCF 1.00E-007", "&XC_FUNCTIONAL PBE", "BASIS_SET DZVP-MOLOPT-SR-GTH-q12", "STRESS_TENSOR ANALYTICAL"])
        {
            labels.ShouldContain(line);
        }

        labels.ShouldNotContain("VDW_POTENTIAL");
        var dynamics = File.ReadAllText(_program["decks/aimd/1000K/md.inp"]);
        foreach (var line in (string[])["RUN_TYPE MD", "ENSEMBLE NPT_F", "STEPS 2000", "TIMESTEP [fs] 0.5", "TEMPERATURE [K] 1000", "TYPE NOSE", "PRESSURE [bar] 1.000000", "CUTOFF [Ry] 1000", "TYPE DFTD3(BJ)"])
        {
            dynamics.ShouldContain(line);
        }

        string[] decks = [.. Directory.GetFiles(_program["decks"], "*.inp", SearchOption.AllDirectories)];
        decks.Length.ShouldBe(7);
        foreach (var deck in decks)
        {
            var command = Cp2kTool.DynamicsCommand(new Cp2kSettings(), Path.GetDirectoryName(deck)!, Path.GetFileName(deck));
            var check = await new ToolRunner().RunAsync(command with { Arguments = ["--check", .. command.Arguments] });
            File.ReadAllText(check.OutputFile).ShouldContain("SUCCESS, the input could be parsed correctly", Case.Insensitive, deck);
        }

        // Ten generations, one that hardens, one of bonds, one of detached linkers, the ramp and two stability runs.
        Directory.GetFiles(_program["decks"], "in.lammps", SearchOption.AllDirectories).Length.ShouldBe(16);
        File.ReadAllText(_program["decks/learn/generation-01/run-01/in.lammps"]).ShouldContain("pair_coeff * * mof5.mof.yaml C3a C3b C3c H1a O2a O4a Zn4a");
        _program.Output.ShouldContain($"deck: {_program["decks/test/ramp"]}");
    }

    [Fact]
    public async Task VASP_decks_are_written_where_VASP_and_its_potentials_are_missing()
    {
        (await DryRunAsync(Paper("program: cp2k, method: gfn1-xtb", "program: vasp, method: pbe-d3, vasp: { cutoff: 480 eV, command: [no-such-vasp] }"))).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain("missing here: ");
        _program.Output.ShouldContain("the program no-such-vasp was not found");
        _program.Output.ShouldContain("has no POTCAR: ");
        var incar = File.ReadAllLines(_program["decks/learn/reference/INCAR"]);
        incar.ShouldContain("ENCUT = 480");
        incar.ShouldContain("IVDW = 12");
        Poscar.Read(_program["decks/learn/reference/POSCAR"]).Count.ShouldBe(106);
        File.Exists(_program["decks/learn/reference/POTCAR"]).ShouldBeFalse();

        // A real run needs them.
        (await _program.Run($"run {_program["r.yaml"]} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("nothing was started");
    }

    [Fact]
    public async Task Decks_without_a_dry_run_are_refused()
    {
        _program.Write("r.yaml", Paper("gfn1-xtb", "pbe"));
        (await _program.Run($"run {_program["r.yaml"]} --decks {_program["decks"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("--decks is of use with --dry-run only");
    }

    private const string Aimd = """

          - name: aimd
            kind: aimd
            uses: { structure: structure.structure }
            reference: { program: cp2k, method: pbe-d3 }
            temperatures: [100 K, 1000 K]
            thermostat: nose-hoover
            length: 1 ps
        """;

    private Task<int> DryRunAsync(string recipe) => _program.Run($"run {_program.Write("r.yaml", recipe)} --folder {_program["run"]} --dry-run --decks {_program["decks"]}");

    private static string Paper(string correct, string wrong)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "Recipes", "library", "mof5-paper.yaml"));
        text.ShouldContain(correct);
        return text.Replace(correct, wrong, StringComparison.Ordinal);
    }
}
