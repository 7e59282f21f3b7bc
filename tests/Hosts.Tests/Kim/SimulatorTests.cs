using System.Globalization;
using System.Security.Cryptography;

namespace MofInterop.Hosts.Tests.Kim;

/// <summary>The example simulators that come with kim-api, and stock LAMMPS.</summary>
[Collection(KimCollection.Name)]
public class SimulatorTests(KimModels models)
{
    private const string Examples = "/usr/share/doc/libkim-api-dev/examples/simulators";
    private const string Argon = "MofTest_Argon";

    [SkippableTheory]
    [InlineData("ex_test_Ar_fcc_cluster/ex_test_Ar_fcc_cluster.c", "gcc")]
    [InlineData("ex_test_Ar_fcc_cluster_cpp/ex_test_Ar_fcc_cluster_cpp.cpp", "g++")]
    [InlineData("ex_test_Ar_fcc_cluster_fortran/ex_test_Ar_fcc_cluster_fortran.f90", "gfortran")]
    public async Task The_example_simulators_of_kim_api_run(string source, string compiler)
    {
        using var folder = new HostFolder();
        await MakeArgonAsync(folder);
        var simulator = await CompileAsync(folder, source, compiler);

        var outcome = await folder.RunProgramAsync([simulator], Argon + "\n", models.Environment);

        // Columns: energy, norm of the forces, lattice spacing; the cluster is pulled apart from 0.8 to 1.2 of argon's.
        var lines = outcome.ShouldSucceed().Output.Split('\n', StringSplitOptions.TrimEntries);
        var rows = lines.Where(line => line.Contains("e+0", StringComparison.OrdinalIgnoreCase) && !line.Contains(':', StringComparison.Ordinal))
            .Select(line => line.Replace(",", " ", StringComparison.Ordinal)).Select(Evaluation.Numbers).ToArray();
        rows.Length.ShouldBeInRange(16, 17);
        rows.ShouldAllBe(row => row.Length == 3 && double.IsFinite(row[0]) && row[1] > 0);
        using var ours = new KimSimulator(Argon);
        ours.Compute(FccCluster(rows[4][2], ours.Code("Ar")!.Value)).Energy.ShouldBe(rows[4][0], 1e-5);
    }

    [SkippableFact]
    public async Task The_force_check_of_kim_api_finds_the_forces_exact()
    {
        using var folder = new HostFolder();
        (await models.MakeAsync("MofTest_Forces", "Ta06A")).ShouldSucceed();
        var check = await CompileAsync(folder, "utility_forces_numer_deriv/utility_forces_numer_deriv.f90", "gfortran");

        var outcome = await folder.RunProgramAsync([check], "MofTest_Forces\n", models.Environment);

        var line = outcome.ShouldSucceed().Output.Split('\n').Last(l => l.StartsWith("alpha = |Force_model", StringComparison.Ordinal));
        var alpha = double.Parse(line.Split('=')[2].Split('(')[0], CultureInfo.InvariantCulture);
        alpha.ShouldBeInRange(0, 1e-8, line);
    }

    [SkippableTheory]
    [InlineData("WBe_linear_2J8", "WBe_Wood_PRB2019", "W Be", 1)]
    [InlineData("WBe_linear_2J8", "WBe_Wood_PRB2019", "W Be", 2)]
    [InlineData("ZIF8_published_rattled", "zif8", "user01 user02 user03 user04 user05 user06 user07", 2)]
    public async Task Stock_LAMMPS_gets_the_numbers_of_ML_SNAP(string name, string potential, string species, int ranks)
    {
        var reference = SnapReference.Load(name);
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        (await models.MakeAsync("MofTest_Lammps", potential)).ShouldSucceed();
        var script = Evaluation.Script($"kim interactions {species}", before: "kim init MofTest_Lammps metal")
            .Replace("units metal\n", "", StringComparison.Ordinal).Replace("newton on\natom_modify map yes\nbox tilt large\nkim init MofTest_Lammps metal", "kim init MofTest_Lammps metal\natom_modify map yes\nbox tilt large", StringComparison.Ordinal);

        var outcome = await LammpsAsync(folder, script.Replace("@load@", "", StringComparison.Ordinal), ranks);

        // Per atom the driver gives symmetric virials, pair_style snap r_x·f_y: they have the same sum.
        var result = Evaluation.Read(folder, outcome);
        (result with { AtomVirials = reference.Expected.AtomVirials }).ShouldAgreeWith(reference.Expected);
        result.AtomVirials.Where((_, index) => index % 6 == 3).Sum().ShouldBe(reference.Expected.Virial[3], 1e-7);
    }

    [SkippableFact]
    public async Task A_sum_of_cards_has_the_numbers_of_pair_style_mof()
    {
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var snap = ReferenceAgreementTests.WriteCard(folder, "WBe_Wood_PRB2019", "W", "Be");
        var sum = folder.File("sum.mof.yaml");
        await File.WriteAllTextAsync(sum, $$"""
            format: 1
            kind: sum
            species:
              - {label: W, atomic_number: 74}
              - {label: Be, atomic_number: 4}
            parts:
              - card: {{Path.GetFileName(snap)}}
                sha256: "{{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(snap)))}}"
              - kind: zbl
                inner: 3 angstrom
                outer: 4 angstrom
            units: {energy: eV, length: angstrom}
            reference:
              method: PBE
              dispersion: not included

            """);
        (await models.MakeAsync("MofTest_Sum", [sum, snap, folder.File("WBe_Wood_PRB2019.snapcoeff"), folder.File("WBe_Wood_PRB2019.snapparam")])).ShouldSucceed();
        using var simulator = new KimSimulator("MofTest_Sum");
        int[] codes = [.. reference.AtomLabels.Select(label => simulator.Code(label)!.Value)];

        var ours = Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script($"pair_style mof\npair_coeff * * {sum} W Be")));
        var kim = simulator.Compute(KimAtoms.Crystal([.. reference.Positions.SelectMany(p => p)], codes, reference.Cell, simulator.InfluenceDistance));

        Math.Abs(ours.Energy - reference.Expected.Energy).ShouldBeGreaterThan(1);
        kim.Energy.ShouldBe(ours.Energy, 1e-8);
        kim.Forces.ShouldAgreeWith(ours.Forces);
        kim.AtomEnergies.ShouldAgreeWith(ours.AtomEnergies);
    }

    [SkippableFact]
    public async Task Stock_LAMMPS_in_real_units_gets_the_same_physics()
    {
        var reference = SnapReference.Load("Ta06A_linear_2J6");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        (await models.MakeAsync("MofTest_Lammps", "Ta06A")).ShouldSucceed();

        var outcome = await LammpsAsync(folder, """
            kim init MofTest_Lammps real
            box tilt large
            read_data system.data
            kim interactions Ta
            thermo_style custom step pe fmax
            thermo_modify format float %.14g
            run 0

            """);

        var lines = outcome.ShouldSucceed().Output.Split('\n', StringSplitOptions.TrimEntries);
        var row = Evaluation.Numbers(lines[Array.FindLastIndex(lines, line => line.StartsWith("Step ", StringComparison.Ordinal)) + 1]);
        const double kilocalories = 23.0605;
        row[1].ShouldBe(kilocalories * reference.Expected.Energy, 1e-5 * kilocalories * Math.Abs(reference.Expected.Energy));
        row[2].ShouldBe(kilocalories * reference.Expected.Forces.Max(Math.Abs), 1e-5 * row[2]);
    }

    [SkippableFact]
    public async Task Energy_is_conserved_in_a_run_of_stock_LAMMPS()
    {
        var reference = SnapReference.Load("ZIF8_published_equilibrium");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        (await models.MakeAsync("MofTest_Lammps", "zif8")).ShouldSucceed();

        var outcome = await LammpsAsync(folder, """
            kim init MofTest_Lammps metal
            box tilt large
            read_data system.data
            kim interactions user01 user02 user03 user04 user05 user06 user07
            timestep 0.0005
            velocity all create 300 4711
            fix 1 all nve
            thermo 10
            thermo_style custom step etotal ke
            thermo_modify format float %.12g
            run 200

            """);

        var lines = outcome.ShouldSucceed().Output.Split('\n', StringSplitOptions.TrimEntries);
        var rows = lines.Skip(Array.FindLastIndex(lines, line => line.StartsWith("Step ", StringComparison.Ordinal)) + 1)
            .TakeWhile(line => !line.StartsWith("Loop", StringComparison.Ordinal)).Select(Evaluation.Numbers).ToArray();
        (rows.Max(row => row[1]) - rows.Min(row => row[1])).ShouldBeLessThan(0.02 * (rows.Max(row => row[2]) - rows.Min(row => row[2])));
    }

    private async Task<HostOutcome> LammpsAsync(HostFolder folder, string script, int ranks = 1)
    {
        Skip.If(HostPrograms.StockLammps is null, "lmp is not installed");
        return await folder.RunAsync(HostPrograms.StockLammps!, script, ranks, models.Environment);
    }

    // The examples compute argon; the tungsten potential takes its name.
    private async Task MakeArgonAsync(HostFolder folder)
    {
        var coefficients = (await File.ReadAllTextAsync(SnapReference.Potential("W_2940_2017_2.snapcoeff"))).Replace("\nW ", "\nAr ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("argon.snapcoeff"), coefficients);
        (await models.MakeAsync(Argon, [folder.File("argon.snapcoeff"), SnapReference.Potential("W_2940_2017_2.snapparam")])).ShouldSucceed();
    }

    private static async Task<string> CompileAsync(HostFolder folder, string source, string compiler)
    {
        var path = Path.Combine(Examples, source);
        Skip.IfNot(File.Exists(path), $"{path} is absent: install libkim-api-doc");
        Skip.IfNot(HostPrograms.OnPath(compiler) is not null && HostPrograms.OnPath("pkg-config") is not null, $"{compiler} or pkg-config is not installed");
        var flags = await folder.RunProgramAsync(["pkg-config", "--cflags", "--libs", "libkim-api"]);
        Skip.IfNot(flags.ExitCode == 0, "libkim-api-dev is not installed");
        var program = folder.File("simulator");
        (await folder.RunProgramAsync([compiler, path, "-o", program, .. flags.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), "-lm"])).ShouldSucceed();
        return program;
    }

    // The 63 atoms of the examples: two by two by two cells with the outer faces.
    private static KimAtoms FccCluster(double spacing, int code)
    {
        var positions = new List<double>();
        for (var i = 0; i <= 4; i++)
        {
            for (var j = 0; j <= 4; j++)
            {
                for (var k = 0; k <= 4; k++)
                {
                    if ((i + j + k) % 2 == 0)
                    {
                        positions.AddRange([0.5 * spacing * i, 0.5 * spacing * j, 0.5 * spacing * k]);
                    }
                }
            }
        }

        return KimAtoms.Cluster([.. positions], [.. Enumerable.Repeat(code, positions.Count / 3)]);
    }
}
