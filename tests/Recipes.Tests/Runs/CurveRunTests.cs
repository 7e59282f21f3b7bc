using System.Globalization;
using System.Text;
using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Potentials.Units;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Curves of runs that recipes make with LAMMPS, and of files: argon against Rahman's simulation and the theory of its crystal, ZIFs against their structures.</summary>
public sealed class CurveRunTests : IDisposable
{
    // A. Rahman, Phys. Rev. 136 (1964) A405: epsilon/k = 120 K, sigma = 3.4 Å.
    private const double WellDepth = 120 * PhysicalConstants.Boltzmann, Diameter = 3.4, Cutoff = 8.5;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Liquid_argon_has_the_structure_and_the_diffusion_of_Rahmans_simulation()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);

        // 94.4 K and 1.374 g/cm³: 864 atoms in (34.78 Å)³, here 500.
        var (exitCode, text) = Run(Argon(5, 34.78 * Math.Cbrt(500.0 / 864) / 5, """
              - name: liquid
                kind: analysis
                uses: { structure: structure.structure, model: potential.model }
                rdf: { cutoff: 14 angstrom, bin: 0.05 angstrom }
                displacement: { fit_from: 3 ps, fit_to: 12 ps, segments: 2 }
                runs:
                  temperatures: [94.4 K]
                  count: 3
                  equilibration: 20 ps
                  equilibration_ensemble: nvt
                  ensemble: nvt
                  length: 60 ps
                  time_step: 10 fs
                  sample_every: 50 fs
                  start: { displacement: 0.7 angstrom, strain: 0 % }
                  dynamics: { thermostat_damping: 1000 fs }
            """));
        exitCode.ShouldBe(ExitCode.Success, text);
        var state = Results("liquid").States.Single();
        state.Runs.ShouldBe(3);
        state.Frames.ShouldBe(3 * 1201);
        var pair = state.Pairs[0];
        pair.PeakDistance!.Value.Value.ShouldBe(3.7, 0.06);
        pair.PeakHeight!.Value.Value.ShouldBe(2.9, 0.25);
        pair.Curve.G.Where((_, k) => pair.Curve.R[k] < 3).ShouldAllBe(g => g == 0);
        pair.Curve.G[^1].ShouldBe(1, 0.05);
        pair.MeanForce!.Where(double.IsFinite).Min().ShouldBe(-PhysicalConstants.Boltzmann * 94.4 * Math.Log(pair.Curve.G.Max()), 1e-12);
        var argon = state.Displacements.Single();
        argon.Exponent.ShouldBe(1, 0.1);
        var diffusion = argon.Diffusion!.Value.Times(Analysis.SelfDiffusion.SquareCentimetrePerSecond);
        diffusion.Value.ShouldBe(2.43e-5, 0.3e-5, text);
        diffusion.Error.ShouldBeInRange(1e-8, 0.2e-5);
    }

    [SkippableFact]
    public void Argons_crystal_vibrates_as_its_force_constants_say()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Argon(3, 5.26, """
              - name: phonons
                kind: vibrations
                uses: { structure: structure.structure, model: potential.model }
                temperature: 4 K
                groups: element
                runs: 2
                equilibration: 4 ps
                length: 30 ps
                time_step: 5 fs
                sample_every: 20 fs
                start: { displacement: 0.02 angstrom, strain: 0 % }
                dynamics: { barostat_damping: 100 ps }
                spectrum: { resolution: 5 /cm, up_to: 150 /cm, known: [{ at: 67 /cm, name: zone boundary }] }
            """);
        var (exitCode, text) = Run(recipe);
        exitCode.ShouldBe(ExitCode.Success, text);
        var state = Results("phonons").States.Single();
        var spectrum = state.Spectrum!;
        spectrum.Temperature.Value.ShouldBe(4, 1);
        spectrum.Partial.Single().Density.ShouldBe(spectrum.Total.Density);

        // The mean square frequency is the trace of the dynamical matrix, Einstein's frequency, whatever the modes are.
        var step = spectrum.Wavenumbers[1];
        var area = spectrum.Total.Density.Sum() * step;
        area.ShouldBe(1, 0.01);
        var second = spectrum.Wavenumbers.Zip(spectrum.Total.Density, (wavenumber, density) => wavenumber * wavenumber * density).Sum() * step / area;
        var einstein = EinsteinWavenumber(Math.Cbrt(state.Volume.Value) / 3);
        Math.Sqrt(second).ShouldBe(einstein, 0.05 * einstein, text);
        spectrum.Total.Density.Where((_, k) => spectrum.Wavenumbers[k] > 95).Max().ShouldBeLessThan(0.01 * spectrum.Total.Density.Max());
        spectrum.Peaks.ShouldNotBeEmpty();
        spectrum.Correlations[^1].Values[0].ShouldBe(1, 1e-12);

        Directory.EnumerateFiles(_program["run"], "*.lammpstrj", SearchOption.AllDirectories).ShouldAllBe(file => Path.GetFileName(file) == "final.lammpstrj");
        var report = File.ReadAllText(_program["run/report.html"]);
        report.ShouldContain("Vibrational density of states");
        report.ShouldContain("zone boundary");
        var table = File.ReadAllLines(_program["run/steps/phonons/outputs/tables/vdos.csv"]);
        table[0].ShouldBe("wavenumber_per_cm,vdos_all_cm,vdos_all_error_cm,vdos_Ar_cm,vdos_Ar_error_cm");
        table.Length.ShouldBe(spectrum.Wavenumbers.Length + 1);

        // Another way to look at the same sums runs nothing again.
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("up_to: 150 /cm", "up_to: 100 /cm", StringComparison.Ordinal));
        (exitCode, text) = Run(recipe);
        exitCode.ShouldBe(ExitCode.Success, text);
        Results("phonons").States.Single().Spectrum!.Wavenumbers[^1].ShouldBeLessThanOrEqualTo(100);
        Directory.EnumerateDirectories(_program["run/cache/observed-runs"]).Count(folder => !Path.GetFileName(folder).StartsWith('.')).ShouldBe(2);
    }

    [Fact]
    public async Task Zinc_has_four_nitrogens_in_the_crystals_of_zifs()
    {
        var files = new List<string> { Path.Combine(Repository.Root, "Recipes", "library", "zif8.cif") };
        if (ReferenceData.Find("mof/structures/ZIF-4.cif") is { } other)
        {
            files.Add(other);
        }

        foreach (var file in files)
        {
            var crystal = await ProgramUnderTest.Structures.ReadOneAsync(file, false, CancellationToken.None);
            ExtendedXyz.Write(_program["crystal.xyz"], [crystal, crystal]);
            (await _program.Run($"analyse {_program["crystal.xyz"]} --rdf 6 --coordination Zn-N:2.5 --angle N-Zn-N:2.5 -o {_program["out"]}")).ShouldBe(ExitCode.Success, _program.Error);
            var state = StepJson.Read<CurveResults>(Path.Combine(_program["out"], CurveResults.FileName)).States.Single();
            state.Coordination.Single().Mean.Value.ShouldBe(4, 1e-12);
            state.Coordination.Single().Fractions.ShouldBe([0, 0, 0, 0, 1]);
            state.Angles.Single().Mean.ShouldBe(109.5, 1.5);
            state.Pairs.Single(pair => pair.Curve is { First: "N", Second: "Zn" }).PeakDistance!.Value.Value.ShouldBe(2.0, 0.06);
        }
    }

    [Fact]
    public async Task Angles_and_dihedrals_along_bonds_are_those_of_the_structure()
    {
        var crystal = await ProgramUnderTest.Structures.ReadOneAsync(Path.Combine(Repository.Root, "Recipes", "library", "zif8.cif"), true, CancellationToken.None);
        ExtendedXyz.Write(_program["crystal.xyz"], crystal);
        var (exitCode, text) = Run(_program.Write("bonds.yaml", """
            name: bonds
            steps:
              - { name: structure, kind: structure, file: crystal.xyz }
              - name: measure
                kind: analysis
                uses: { structure: structure.structure }
                trajectories: [crystal.xyz]
                angles: [{ between: [N, Zn, N] }, { between: [N3a, C3a, N3a], bin: 2 degree }]
                dihedrals: [{ between: [Zn, N, C3a, N] }]
            """));
        exitCode.ShouldBe(ExitCode.Success, text);
        var state = Results("measure").States.Single();
        var zinc = crystal.Symbols.Count(symbol => symbol == "Zn");
        state.Angles[0].PerFrame.ShouldBe(6 * zinc);
        state.Angles[1].PerFrame.ShouldBe(2 * zinc, "one linker for every half zinc, one such angle in each");

        // The ring is flat and zinc lies in its plane: anti, ±180 degrees.
        state.Dihedrals[0].PerFrame.ShouldBe(4 * zinc);
        state.Dihedrals[0].Density.Where((_, k) => Math.Abs(state.Dihedrals[0].Angles[k]) > 160).Sum().ShouldBe(state.Dihedrals[0].Density.Sum(), 1e-9);
        File.ReadAllText(_program["run/report.html"]).ShouldContain("Angle N-Zn-N");
    }

    [Fact]
    public async Task A_trajectory_without_a_recipe_gives_diffusion_and_a_spectrum()
    {
        // Free flight with a wiggle of 100 /cm, 2 fs a frame, wrapped into a cell.
        var text = new StringBuilder();
        var frequency = 2 * Math.PI * 100 * PhysicalConstants.SpeedOfLightCentimetrePerSecond * 1e-15;
        for (var k = 0; k < 6000; k++)
        {
            double time = 2 * k, x = 5 + 0.01 * time + 0.2 * Math.Sin(frequency * time), v = 1000 * (0.01 + 0.2 * frequency * Math.Cos(frequency * time));
            var back = 5 - 0.01 * time - 0.2 * Math.Sin(frequency * time);
            text.Append(CultureInfo.InvariantCulture, $"ITEM: TIMESTEP\n{k}\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\nITEM: ATOMS id type x y z vx vy vz\n1 1 {x - 10 * Math.Floor(x / 10):g10} 1 1 {v:g10} 0 0\n2 1 {back - 10 * Math.Floor(back / 10):g10} 5 5 {-v:g10} 0 0\n");
        }

        _program.Write("run.lammpstrj", text.ToString());
        (await _program.Run($"analyse {_program["run.lammpstrj"]} --types Ar --msd --vdos 10 --interval 2 -o {_program["out"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var state = StepJson.Read<CurveResults>(Path.Combine(_program["out"], CurveResults.FileName)).States.Single();
        state.Displacements.Single().Exponent.ShouldBe(2, 0.15);
        state.Spectrum!.Peaks.MinBy(peak => Math.Abs(peak.Wavenumber.Value - 100))!.Wavenumber.Value.ShouldBe(100, 1);
        state.Notes.ShouldContain(note => note.Contains("reconstructed from small steps", StringComparison.Ordinal));
        _program.Output.ShouldContain("does not diffuse within the lags of the fit");
        _program.Output.ShouldContain("tables/msd.csv");

        (await _program.Run($"analyse {_program["run.lammpstrj"]} --types Ar --msd -o {_program["out"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("the time between frames is not known");
        (await _program.Run($"analyse {_program["run.lammpstrj"]} -o {_program["out"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("nothing is measured");
    }

    [Fact]
    public async Task What_cannot_be_measured_is_told_with_its_line_before_anything_runs()
    {
        _program.Write("still.xyz", "1\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3\nAr 0 0 0\n");
        var recipe = _program.Write("wrong.yaml", """
            name: wrong
            steps:
              - name: measure
                kind: analysis
                trajectories: [still.xyz]
                from: 5
                to: 2
                spectrum: {}
                angles: [{ between: [N, Zn, N] }, { between: [N, Zn], cutoffs: [2 angstrom], bin: 7 degree }]
              - name: nothing
                kind: analysis
                trajectories: [still.xyz]
            """);
        (await _program.Run($"validate {recipe}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("wrong.yaml:5:");
        _program.Error.ShouldContain("wrong.yaml:7:");
        _program.Error.ShouldContain("the last frame (2) comes before the first (5)");
        _program.Error.ShouldContain("displacement and spectrum need the time between frames");
        _program.Error.ShouldContain("a spectrum of a trajectory without velocities");
        _program.Error.ShouldContain("the angle N-Zn-N along bonds without a structure");
        _program.Error.ShouldContain("2 names");
        _program.Error.ShouldContain("do not divide 180 degrees");
        _program.Error.ShouldContain("nothing is measured");
    }

    [Theory]
    [InlineData("1 1 0 0 0", "1 1 nan 0 0", "--rdf 4", "run.lammpstrj:21: a position of step 1 is not a finite number")]
    [InlineData("1 1 0 0 0", "1 1 6 0 0", "--msd --interval 2", "run.lammpstrj, step 1: atom 1 moves by 0.40 of the cell")]
    [InlineData("1 1 0 0 0", "1 1 0 0 0", "--vdos 100 --interval 2", "run.lammpstrj: a spectrum of a trajectory without velocities")]
    [InlineData("1 1 0 0 0", "1 1 0 0 0", "--rdf 4 --to 2 --from 3", "--to 2 comes before --from 3")]
    [InlineData("1 1 0 0 0", "1 2 0 0 0", "--rdf 4", "run.lammpstrj:21: atom 1 is of type 2, in the first frame of type 1")]
    public async Task What_is_wrong_with_a_trajectory_is_told_with_its_line(string first, string second, string measured, string says)
    {
        static string Frame(int step, string atom) => $"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 15\n0 15\n0 15\nITEM: ATOMS id type x y z\n{atom}\n2 1 3 3 3\n";
        _program.Write("run.lammpstrj", Frame(0, first) + Frame(1, second));
        (await _program.Run($"analyse {_program["run.lammpstrj"]} --types Ar,Ar {measured} -o {_program["out"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(says);
    }

    private CurveResults Results(string step) => StepJson.Read<CurveResults>(RunFolder.Open(_program["run"]).Steps.Single(one => one.Name == step).Outputs["curves"].FilePath);

    private (int ExitCode, string Text) Run(string recipe)
    {
        using var process = new RunProcess(recipe, _program["run"]);
        return process.Finish();
    }

    // Face-centred cubic, n × n × n cells of this length.
    private string Argon(int n, double length, string steps)
    {
        var sites = new StringBuilder();
        foreach (var (x, y, z) in ((double, double, double)[])[(0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)])
        {
            for (var k = 0; k < n * n * n; k++)
            {
                sites.Append(CultureInfo.InvariantCulture, $"{(x + k % n) / n:R} {(y + k / n % n) / n:R} {(z + k / n / n) / n:R}\n");
            }
        }

        _program.Write("argon.vasp", string.Create(CultureInfo.InvariantCulture, $"argon\n{n * length:R}\n1 0 0\n0 1 0\n0 0 1\nAr\n{4 * n * n * n}\nDirect\n{sites}"));
        return _program.Write("argon.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            name: argon
            seed: 5
            steps:
              - { name: structure, kind: structure, file: argon.vasp }
              - name: potential
                kind: potential
                lammps: { labels: [Ar], commands: [pair_style lj/cut {{Cutoff}}, 'pair_coeff * * {{WellDepth:R}} {{Diameter}}'] }
            {{steps}}

            """));
    }

    // omega² = (1/3m) Σ (u'' + 2u'/r) over all neighbours within the cutoff.
    private static double EinsteinWavenumber(double length)
    {
        var sum = 0.0;
        for (var a = -4; a <= 4; a++)
        {
            for (var b = -4; b <= 4; b++)
            {
                for (var c = -4; c <= 4; c++)
                {
                    var r = length / 2 * Math.Sqrt(a * a + b * b + c * c);
                    if ((a + b + c) % 2 == 0 && r > 0 && r < Cutoff)
                    {
                        var six = Math.Pow(Diameter / r, 6);
                        sum += 4 * WellDepth * (12 * 13 * six * six - 6 * 7 * six) / (r * r) + 2 * 4 * WellDepth * (-12 * six * six + 6 * six) / (r * r);
                    }
                }
            }
        }

        return Math.Sqrt(sum / 3 / (39.948 * PhysicalConstants.MassVelocitySquared)) / (2 * Math.PI) * 1e15 / PhysicalConstants.SpeedOfLightCentimetrePerSecond;
    }
}
