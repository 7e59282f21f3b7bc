using System.Globalization;
using MofInterop.Cli;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.TestKit;
using MofInterop.Zeopp;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Pores, coordination, linkers and rings: steps and command.</summary>
public sealed class PoresRunTests : IDisposable
{
    private const string Answers = """
        #!/bin/sh
        echo 'structure 3.5 1.2 3.4' > out.res
        echo '@ s Unitcell_volume: 1 Density: 2 AV_A^3: 1 AV_cm^3/g: 0.25 NAV_A^3: 2 NAV_cm^3/g: 0.5' > out.vol
        echo 'Number_of_channels: 1 Channel_volume_A^3: 1' >> out.vol
        echo 'Number_of_pockets: 2 Pocket_volume_A^3: 1 1' >> out.vol
        echo '@ s POAV_cm^3/g: 0.75 PONAV_cm^3/g: 1.5' > out.volpo
        echo '@ s ASA_m^2/g: 100 NASA_m^2/g: 7' > out.sa
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task The_command_prints_the_pores_of_MOF5()
    {
        var cif = Path.Combine(Repository.Root, "Recipes", "library", "mof5.cif");
        (await _program.Run($"pores {cif} --primitive --grid 0.4 --probe 1.86 --probe 1.2 --samples 2000")).ShouldBe(ExitCode.Success, _program.Error);

        // Cages of about 15 and 12 Å (carbon and hydrogen with their van der Waals radii), joined by windows of about 8 Å.
        Number("largest included sphere (Di)").ShouldBe(15.08, 0.01);
        Number("largest free sphere (Df)").ShouldBe(7.90, 0.01);
        _program.Output.ShouldContain("probe of 1.86 Å: 1 channel in 3 dimensions, 0 pockets");
        _program.Output.ShouldContain("probe of 1.2 Å: 1 channel in 3 dimensions, 0 pockets");
        _program.Output.ShouldContain("most volume in pores of 15.05 Å");
        _program.Output.ShouldContain("12.05 Å");
    }

    [Fact]
    public async Task The_windows_of_ZIF8_are_narrower_than_nitrogen()
    {
        var cif = Path.Combine(Repository.Root, "Recipes", "library", "zif8.cif");
        (await _program.Run($"pores {cif} --grid 0.4 --samples 0")).ShouldBe(ExitCode.Success, _program.Error);
        Number("largest included sphere (Di)").ShouldBe(11.5, 0.15);
        Number("largest free sphere (Df)").ShouldBe(3.40, 0.05);
        _program.Output.ShouldContain("probe of 1.86 Å: no channel, 2 pockets");
    }

    [Fact]
    public async Task A_trajectory_gives_means_with_errors_and_a_table_frame_by_frame()
    {
        ExtendedXyz.Write(_program["frames.extxyz"], Breathing(12));
        _program.Write("r.yaml", """
            name: breathing
            steps:
              - name: pores
                kind: pores
                frames: { files: [frames.extxyz], from: 3, every: 2, interval: 0.5 ps }
                probes: [0.6 angstrom]
                grid: 0.4 angstrom
                radii: { Ar: 1.4 angstrom }
                distribution_samples: 500
            """);
        (await _program.Run($"run {_program["r.yaml"]} -f {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var record = StepJson.Read<PoresRecord>(_program["run/steps/pores/outputs/pores.json"]);
        record.Frames.ShouldBe(5);
        record.Series.Frame.ShouldBe([3, 5, 7, 9, 11]);
        record.Series.Picoseconds.ShouldBe([1.0, 2.0, 3.0, 4.0, 5.0]);
        var included = record.Quantities[0];

        // Simple cubic: the hole is √3·a less the atom.
        var diameters = new[] { 3, 5, 7, 9, 11 }.Select(frame => Math.Sqrt(3) * Edge(frame - 1) - 2.8).ToArray();
        record.Series.Values.Select(row => row[0]).ShouldBe(diameters, 1e-5);
        included.Value.ShouldBe(diameters.Average(), 1e-5);
        included.Error.ShouldBeInRange(0.001, 0.1);
        record.RadiiAngstrom["Ar"].ShouldBe(1.4);
        var lines = File.ReadAllLines(_program["run/steps/pores/outputs/pores.csv"]);
        (lines.Length, lines[0].Contains("\"total porous volume (AV + NAV), probe 0.6 Å, cm³/g\"")).ShouldBe((6, true));
        Directory.EnumerateDirectories(_program["run/steps/pores/units"], "frame-*").Count().ShouldBe(5);
    }

    [Fact]
    public async Task Linkers_and_rings_are_followed_along_a_trajectory()
    {
        var (crystal, frames) = Rectangles();
        ExtendedXyz.Write(_program["crystal.extxyz"], [crystal]);
        ExtendedXyz.Write(_program["frames.extxyz"], frames);
        _program.Write("r.yaml", """
            name: net
            steps:
              - { name: structure, kind: structure, file: crystal.extxyz }
              - name: sharp
                kind: network
                uses: { structure: structure.structure }
                frames: { files: [frames.extxyz] }
                bonded_within: 2.3 angstrom
              - name: patient
                kind: network
                uses: { structure: structure.structure }
                frames: { files: [frames.extxyz] }
                bonded_within: 2.3 angstrom
                apart_beyond: 2.8 angstrom
            """);
        (await _program.Run($"run {_program["r.yaml"]} -f {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var sharp = StepJson.Read<NetworkRecord>(_program["run/steps/sharp/outputs/network.json"]);
        var patient = StepJson.Read<NetworkRecord>(_program["run/steps/patient/outputs/network.json"]);
        (sharp.MetalCount, sharp.LinkerCount, sharp.Donors.Single()).ShouldBe((1, 3, "N"));

        // Frame 1: the crystal; 2: one contact of 2.6 Å; 3: one of 2.85 Å (2.55 Å to the next zinc); 4: back at 2.6 Å.
        sharp.Frames.Select(frame => frame.Coordination).ShouldBe([6.0, 5.0, 5.0, 5.0]);
        patient.Frames.Select(frame => frame.Coordination).ShouldBe([6.0, 6.0, 5.0, 5.0]);
        sharp.Frames[0].IntactFraction.ShouldBe(1);
        sharp.Frames[1].IntactFraction.ShouldBe(2.0 / 3, 1e-12);
        sharp.Frames[1].DanglingFraction.ShouldBe(1.0 / 3, 1e-12);

        // Three directions: the simple cubic net; two: squares.
        sharp.Frames[0].Rings!.Select(ring => (ring.Size, ring.Count)).ShouldBe([(4, 3), (6, 4)]);
        sharp.Frames[1].Rings!.Select(ring => (ring.Size, ring.Count)).ShouldBe([(4, 1)]);
        sharp.Frames[0].BrokenFraction.ShouldBe(0);
    }

    [SkippableFact]
    public async Task The_crystal_of_ZIF4_has_the_rings_of_the_cag_net()
    {
        var crystal = ReferenceData.Find("nequip/zif4/own.extxyz");
        Skip.If(crystal is null, "no reference data");
        var bare = ExtendedXyz.Read(crystal).First();
        ExtendedXyz.Write(_program["zif4.extxyz"], [new AtomicConfiguration(bare.Symbols, bare.Positions, bare.Cell, periodic: true)]);
        _program.Write("r.yaml", """
            name: zif4
            steps:
              - { name: structure, kind: structure, file: zif4.extxyz }
              - { name: net, kind: network, uses: { structure: structure.structure }, largest_ring: 12 }
            """);
        (await _program.Run($"run {_program["r.yaml"]} -f {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var record = StepJson.Read<NetworkRecord>(_program["run/steps/net/outputs/network.json"]);
        (record.MetalCount, record.LinkerCount).ShouldBe((16, 32));
        record.Quantities[0].Value.ShouldBe(4);
        record.Quantities[1].Value.ShouldBe(1);
        record.Rings.Select(ring => (ring.Size, ring.PerNode, ring.NodesInRings)).ShouldBe([(4, 0.25, 1.0), (6, 1.0, 1.0), (8, 2.0, 1.0)]);
    }

    [Theory]
    [InlineData("kind: pores", "there is nothing to measure")]
    [InlineData("kind: pores, frames: { files: [molecule.extxyz] }", "not periodic")]
    [InlineData("kind: pores, frames: { files: [molecule.extxyz], from: 5, to: 2 }", "comes before the first")]
    [InlineData("kind: pores, probes: [1.86 eV]", "an energy, not a length")]
    public async Task What_cannot_be_measured_is_told_before_anything_runs(string step, string says)
    {
        ExtendedXyz.Write(_program["molecule.extxyz"], [new AtomicConfiguration(["Ar"], [0, 0, 0], null, periodic: false)]);
        _program.Write("r.yaml", $"name: bad\nsteps:\n  - {{ name: p, {step} }}\n");
        (await _program.Run($"validate {_program["r.yaml"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("r.yaml:3:");
        _program.Error.ShouldContain(says);
    }

    [Fact]
    public async Task Zeopp_gets_the_same_atoms_and_its_numbers_are_read()
    {
        var result = await ZeoppAsync(Answers);
        result.ShouldBe(new ZeoppResult(3.5, 1.2, 3.4, 1, 2, 0.25, 0.5, 0.75, 1.5, 100, 7));
        var lines = File.ReadAllLines(_program["zeopp/structure.v1"]);
        lines[0].ShouldBe("Unit cell vectors:");
        lines[1].ShouldBe("va= 4.0000000000 0.0000000000 0.0000000000");
        (lines[4], lines[5]).ShouldBe(("1", "Ar 0.0000000000 0.0000000000 0.0000000000"));
        File.ReadAllText(_program["zeopp/radii.rad"]).ShouldBe("Ar 1.880000\n");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public async Task Real_Zeopp_finds_the_same_pores_of_ZIF8()
    {
        Skip.If(ZeoppTool.Find() is null, "Zeo++ is not installed: MOFINTEROP_NETWORK does not name its 'network', and none is on PATH");
        var cif = Path.Combine(Repository.Root, "Recipes", "library", "zif8.cif");
        var crystal = await ProgramUnderTest.Structures.ReadOneAsync(cif, true, CancellationToken.None);
        var settings = new MofInterop.Analysis.Pores.PoreSettings { DistributionSamples = 0 };
        var ours = MofInterop.Analysis.Pores.PoreAnalysis.Measure(crystal, settings);
        var theirs = await new ZeoppTool(new MofInterop.Execution.ToolRunner()).MeasureAsync(crystal, settings.Radii.Of, settings.Probes[0], _program.Folder);
        theirs.LargestIncluded.ShouldBe(ours.Diameters.LargestIncluded, 0.05);
        theirs.LargestFree.ShouldBe(ours.Diameters.LargestFree, 0.06);
        theirs.LargestAlongFreePath.ShouldBe(ours.Diameters.LargestAlongFreePath, 0.05);
        var probe = ours.Probes.Single();
        (theirs.Channels, theirs.Pockets).ShouldBe((probe.ChannelDimensions.Count, probe.Pockets));
        theirs.AccessibleVolume.ShouldBe(probe.AccessibleVolume.CubicCentimetrePerGram);
        theirs.EnclosedVolume.ShouldBe(probe.EnclosedVolume.CubicCentimetrePerGram, 0.02 * probe.EnclosedVolume.CubicCentimetrePerGram);
        theirs.EnclosedSurface.ShouldBe(probe.EnclosedSurface.SquareMetrePerGram, 0.03 * probe.EnclosedSurface.SquareMetrePerGram);
        (await _program.Run("doctor")).ShouldBeOneOf(ExitCode.Success, ExitCode.Error);
        _program.Output.ShouldContain("ok      zeo++        " + ZeoppTool.Find());
    }

    [Fact]
    public async Task The_shipped_recipe_finds_the_cages_windows_and_linkers_of_MOF5()
    {
        foreach (var name in (string[])["mof5-pores.yaml", "mof5.cif"])
        {
            File.Copy(Path.Combine(Repository.Root, "Recipes", "library", name), _program[name]);
        }

        (await _program.Run($"run {_program["mof5-pores.yaml"]} -f {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var pores = StepJson.Read<PoresRecord>(_program["run/steps/pores/outputs/pores.json"]);
        pores.Quantities.First(quantity => quantity.Name.Contains("(Di)")).Value.ShouldBe(15.08, 0.01);
        pores.Quantities.First(quantity => quantity.Name.Contains("(Df)")).Value.ShouldBe(7.90, 0.01);

        // Half of the cages are of 15 Å, half of 12 Å: what a cage's sphere covers has its size.
        double Share(double diameter) => pores.Distribution!.Fraction[(int)(diameter / MofInterop.Analysis.Pores.PoreSizeDistribution.BinWidth)];
        var cell = Math.Pow(25.832, 3);
        Share(15.08).ShouldBe(4 * Math.PI / 6 * Math.Pow(15.08, 3) / cell, 0.02);
        Share(12.05).ShouldBeGreaterThan(0.05);
        var network = StepJson.Read<NetworkRecord>(_program["run/steps/network/outputs/network.json"]);
        (network.MetalCount, network.Donors.Single()).ShouldBe((32, "O"));
        network.Quantities[0].Value.ShouldBe(4);
        network.Coordination.Single().ShouldBe(new MeanCoordination(4, 1, double.NaN));
    }

    [Theory]
    [InlineData("ASA_m^2/g: 100", "ASA_m^2/g:", "no value of ASA_m^2/g")]
    [InlineData("POAV_cm^3/g: 0.75", "POAV_cm^3/g: nan", "POAV_cm^3/g is 'nan'")]
    [InlineData("structure 3.5 1.2 3.4", "structure 3.5", "it has 2 words")]
    [InlineData("> out.vol\n", "> other.vol\n", "did not write it")]
    [InlineData("#!/bin/sh\n", "#!/bin/sh\nexit 3\n", "exit code 3")]
    public async Task Damaged_answers_of_Zeopp_are_told(string part, string instead, string says)
    {
        var damaged = part.StartsWith("ASA", StringComparison.Ordinal) ? Answers.Replace("ASA_m^2/g: 100 NASA_m^2/g: 7", "NASA_m^2/g: 7") : Answers.Replace(part, instead);
        damaged.ShouldNotBe(Answers);
        (await Should.ThrowAsync<MofException>(() => ZeoppAsync(damaged))).Message.ShouldContain(says);
    }

    private async Task<ZeoppResult> ZeoppAsync(string script)
    {
        // Not "network": where MOFINTEROP_NETWORK names a real one, that would be run.
        var program = _program.Write("scripted-network", script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.CreateDirectory(_program["zeopp"]);
        var tool = new ZeoppTool(new MofInterop.Execution.ToolRunner(), program);
        return await tool.MeasureAsync(Breathing(1)[0], MofInterop.Analysis.Pores.PoreRadii.Standard.Of, 1.2, _program["zeopp"]);
    }

    private double Number(string name)
    {
        var line = _program.Output.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    private static double Edge(int frame) => 4 + 0.1 * Math.Sin(frame);

    /// <summary>A simple cubic crystal whose cell breathes.</summary>
    private static AtomicConfiguration[] Breathing(int frames) =>
        [.. Enumerable.Range(0, frames).Select(frame => new AtomicConfiguration(["Ar"], [0, 0, 0], new Cell([Edge(frame), 0, 0, 0, Edge(frame), 0, 0, 0, Edge(frame)]), periodic: true))];

    /// <summary>A zinc atom in a cubic cell, N–N linkers along its edges; then frames in which one nitrogen moves away. Frames are wrapped differently.</summary>
    private static (AtomicConfiguration Crystal, AtomicConfiguration[] Frames) Rectangles()
    {
        const double edge = 5.4, contact = 2.1;
        var cell = new Cell([edge, 0, 0, 0, edge, 0, 0, 0, edge]);
        string[] symbols = ["Zn", "N", "N", "N", "N", "N", "N"];
        AtomicConfiguration Frame(double first, double shift)
        {
            double[] x = [0, 0, 0, first, 0, 0, edge - contact, 0, 0, 0, contact, 0, 0, edge - contact, 0, 0, 0, contact, 0, 0, edge - contact];
            return new AtomicConfiguration(symbols, [.. x.Select(value => (value + shift) % edge)], cell, periodic: true);
        }

        return (Frame(contact, 0), [Frame(contact, 1), Frame(2.6, 2), Frame(2.85, 3.5), Frame(2.6, 0)]);
    }
}
