using System.IO.Compression;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;
using MofInterop.Structures;

namespace MofInterop.Vasp.Tests;

/// <summary>vasprun.xml and OUTCAR of runs with several ionic steps.</summary>
public sealed class VaspTrajectoryTests : IDisposable
{
    private const string Script = """
        from ase.io import read


        def run(request):
            frames = read(request["source"], index=":", format=request["format"])
            return [{"symbols": list(one.symbols), "positions": one.positions.ravel().tolist(), "cell": one.cell.array.ravel().tolist(),
                     "energy": one.get_potential_energy(), "free": one.get_potential_energy(force_consistent=True),
                     "forces": one.get_forces().ravel().tolist(), "stress": one.get_stress().tolist()} for one in frames]
        """;

    private readonly VaspFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vasprun.xml", "vasp-xml")]
    [InlineData("OUTCAR", "vasp-out")]
    public async Task Frames_are_those_that_ASE_reads(string file, string format)
    {
        var path = Path.Combine(await _folder.RunAsync(3), file);
        var ase = await new PythonRunner(new ToolRunner()).RunAsync<AseFrame[]>(new PythonScript("read", Script), new { Source = path, Format = format }, _folder.Path);

        AtomicConfiguration[] free = [.. VaspTrajectory.Read(path)], extrapolated = [.. VaspTrajectory.Read(path, VaspEnergy.Extrapolated)];

        free.Length.ShouldBe(3);
        for (var k = 0; k < 3; k++)
        {
            free[k].Symbols.ShouldBe(ase[k].Symbols);
            free[k].Positions.ShouldBe(ase[k].Positions, 1e-7);
            free[k].Cell!.Rows.ToArray().ShouldBe(ase[k].Cell, 1e-9);
            var label = free[k].Label.ShouldNotBeNull();
            label.Energy.ShouldBe(ase[k].Free, 1e-8);
            extrapolated[k].Label!.Energy.ShouldBe(ase[k].Energy, 1e-8);
            label.Forces.ShouldBe(ase[k].Forces, 1e-9);
            // ASE's unit of pressure has constants of 2014.
            label.Stress!.ShouldBe(ase[k].Stress, 1e-8);
        }

        Math.Abs(free[0].Label!.Energy - extrapolated[0].Label!.Energy).ShouldBe(0.002, 1e-8);
    }

    [Fact]
    public async Task Both_files_of_a_run_tell_the_same()
    {
        var folder = await _folder.RunAsync(2);
        AtomicConfiguration[] xml = [.. VaspTrajectory.Read(Path.Combine(folder, "vasprun.xml"), VaspEnergy.WithoutEntropy)];
        AtomicConfiguration[] log = [.. VaspTrajectory.Read(Path.Combine(folder, "OUTCAR"), VaspEnergy.WithoutEntropy)];
        for (var k = 0; k < 2; k++)
        {
            log[k].Label!.Energy.ShouldBe(xml[k].Label!.Energy, 1e-7);
            log[k].Label!.Forces.ShouldBe(xml[k].Label!.Forces, 1e-6);
            log[k].Label!.Stress!.ShouldBe(xml[k].Label!.Stress!, 1e-8);
        }
    }

    [Theory]
    [InlineData("vasprun.xml")]
    [InlineData("OUTCAR")]
    public async Task The_stress_is_the_derivative_of_the_energy_by_strain(string file)
    {
        const double strain = 1e-4;
        var start = VaspTrajectory.Read(Path.Combine(await _folder.RunAsync(1), file)).Single();
        (int Row, int Column)[] voigt = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        for (var k = 0; k < 6; k++)
        {
            var energies = new List<double>();
            foreach (var sign in (double[])[1, -1])
            {
                var strained = Strained(VaspFolder.Mixed, voigt[k].Row, voigt[k].Column, sign * strain);
                energies.Add(VaspTrajectory.Read(Path.Combine(await _folder.RunAsync(1, strained), file)).Single().Label!.Energy);
            }

            var derivative = (energies[0] - energies[1]) / (2 * strain) / VaspFolder.Mixed.Cell!.Volume;
            Math.Abs(derivative).ShouldBeGreaterThan(1e-4, $"component {k} tests nothing");
            start.Label!.Stress![k].ShouldBe(derivative, 3e-6, $"component {k}");
        }
    }

    [Theory]
    [InlineData("vasprun.xml")]
    [InlineData("OUTCAR")]
    public async Task A_file_cut_anywhere_gives_whole_frames_and_says_what_is_left_out(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(await _folder.RunAsync(3), file));
        var whole = VaspTrajectory.Read(Path.Combine(_folder["run-3-none"], file)).Select(frame => frame.Label!.Energy).ToArray();
        var path = _folder[file];
        var seen = new HashSet<int>();
        const int ending = 12;
        foreach (var length in Enumerable.Range(0, (text.Length - ending) / 97).Select(k => 1 + 97 * k).Append(text.Length - ending))
        {
            await File.WriteAllTextAsync(path, text[..length]);
            var notes = new List<string>();
            double[] energies = [.. VaspTrajectory.Read(path, note: notes.Add).Select(frame => frame.Label!.Energy)];
            energies.ShouldBe(whole[..energies.Length], $"{length} characters");
            seen.Add(energies.Length);
            if (file == "vasprun.xml")
            {
                notes.ShouldHaveSingleItem().ShouldContain("the file ends inside a frame");
            }
        }

        seen.Order().ShouldBe([0, 1, 2, 3]);
    }

    [Theory]
    [InlineData("vasprun.xml", "</calculation>")]
    [InlineData("OUTCAR", "energy(sigma->0)")]
    public async Task Frames_come_one_by_one_before_the_rest_is_read(string file, string endOfFrame)
    {
        var path = Path.Combine(await _folder.RunAsync(2), file);
        var text = await File.ReadAllTextAsync(path);
        var place = text.IndexOf(endOfFrame, StringComparison.Ordinal) + 200;
        await File.WriteAllTextAsync(path, string.Concat(text.AsSpan(0, place), "<<<", new string('x', 100_000), "\n - Iteration 3\n  in kB  x\n"));
        using var frames = VaspTrajectory.Read(path).GetEnumerator();
        frames.MoveNext().ShouldBeTrue();
        frames.Current.Label.ShouldNotBeNull();
        Should.Throw<MofException>(() => frames.MoveNext());
    }

    [Fact]
    public async Task Damage_in_the_middle_is_an_error_with_its_line()
    {
        var folder = await _folder.RunAsync(2);
        foreach (var (file, from, to) in ((string, string, string)[])[("vasprun.xml", "<scstep>", "<scstep"), ("OUTCAR", "  in kB  ", "  in kB  x")])
        {
            var path = Path.Combine(folder, file);
            var text = await File.ReadAllTextAsync(path);
            var place = text.IndexOf(from, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, text[..place] + to + text[(place + from.Length)..]);
            var line = text[..place].Count(letter => letter == '\n') + 1;
            var error = Should.Throw<MofException>(() => VaspTrajectory.Read(path, note: _ => { }).ToList());
            error.Kind.ShouldBe(ErrorKind.FileFormat);
            error.Where.ShouldNotBeNull().ShouldStartWith(path + ":");
            int.Parse(error.Where![(path.Length + 1)..]).ShouldBeInRange(line, line + 1);
        }
    }

    [Fact]
    public async Task An_ionic_step_whose_electrons_did_not_converge_has_no_label()
    {
        var folder = await _folder.RunAsync(2, fault: "never");
        foreach (var file in (string[])["vasprun.xml", "OUTCAR"])
        {
            var notes = new List<string>();
            VaspTrajectory.Read(Path.Combine(folder, file), note: notes.Add).ShouldAllBe(frame => frame.Label == null);
            notes.Count.ShouldBe(2);
            notes[1].ShouldContain("ionic step 2 has no label: the electrons did not converge");
        }
    }

    [Fact]
    public async Task Forces_that_do_not_fit_their_columns_are_no_label()
    {
        var folder = await _folder.RunAsync(1, fault: "nan");
        foreach (var file in (string[])["vasprun.xml", "OUTCAR"])
        {
            VaspTrajectory.Read(Path.Combine(folder, file)).Single().Label.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Fixed_atoms_make_no_labels()
    {
        var path = Path.Combine(await _folder.RunAsync(1), "vasprun.xml");
        var text = await File.ReadAllTextAsync(path);
        var place = text.IndexOf(" </structure>", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Insert(place, "  <varray type=\"logical\" name=\"selective\" >\n   <v type=\"logical\" > F  T  T </v>\n  </varray>\n"));
        var notes = new List<string>();
        VaspTrajectory.Read(path, note: notes.Add).Single().Label.ShouldBeNull();
        notes.Single().ShouldContain("fixed by selective dynamics");
    }

    [Fact]
    public async Task Packed_files_are_read_and_a_cut_one_is_noticed()
    {
        var folder = await _folder.RunAsync(2);
        foreach (var file in (string[])["vasprun.xml", "OUTCAR"])
        {
            var packed = Path.Combine(folder, file + ".gz");
            await using (var target = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            {
                await target.WriteAsync(await File.ReadAllBytesAsync(Path.Combine(folder, file)));
            }

            VaspTrajectory.Read(packed).Count().ShouldBe(2);
            var bytes = await File.ReadAllBytesAsync(packed);
            await File.WriteAllBytesAsync(packed, bytes[..(bytes.Length * 3 / 4)]);
            var notes = new List<string>();
            VaspTrajectory.Read(packed, note: notes.Add).Count().ShouldBeLessThan(2);
            notes.ShouldHaveSingleItem().ShouldContain("the file ends inside a frame");
        }
    }

    [Fact]
    public async Task What_a_machine_learned_force_field_gave_is_no_label()
    {
        var folder = await _folder.RunAsync(2);
        var log = Path.Combine(folder, "OUTCAR");
        var text = await File.ReadAllTextAsync(log);
        var place = text.IndexOf("--------------------------------------- Iteration      2", StringComparison.Ordinal);
        const string learned = """
              ML FORCE on cell =-STRESS in cart. coord. units (eV/cell)
              in kB       9.00000     9.00000     9.00000     0.00000     0.00000     0.00000
              POSITION                                       TOTAL-FORCE (eV/Angst) (ML)
             -----------------------------------------------------------------------------------
                  9.00000      9.00000      9.00000         9.000000      9.000000      9.000000
              ML FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)
              ---------------------------------------------------
              free  energy ML TOTEN  =        99.00000000 eV

              ML energy  without entropy=       99.00000000  ML energy(sigma->0) =       99.00000000

            """;
        var whole = VaspTrajectory.Read(log).Select(frame => frame.Label!).ToArray();
        await File.WriteAllTextAsync(log, text.Insert(place, learned));
        var labels = VaspTrajectory.Read(log).Select(frame => frame.Label!).ToArray();
        labels.Select(label => label.Energy).ShouldBe(whole.Select(label => label.Energy));
        labels[1].Stress.ShouldBe(whole[1].Stress);
        labels[1].Forces.ShouldBe(whole[1].Forces);

        var xml = Path.Combine(folder, "vasprun.xml");
        var steps = System.Text.RegularExpressions.Regex.Replace(await File.ReadAllTextAsync(xml), "  <scstep>.*?</scstep>\n", "", System.Text.RegularExpressions.RegexOptions.Singleline);
        await File.WriteAllTextAsync(xml, steps);
        var notes = new List<string>();
        VaspTrajectory.Read(xml, note: notes.Add).ShouldAllBe(frame => frame.Label == null);
        notes[0].ShouldContain("a machine-learned force field made it");
    }

    [Fact]
    public async Task Steps_without_positions_are_left_out_and_told()
    {
        var log = Path.Combine(await _folder.RunAsync(3), "OUTCAR");
        var text = await File.ReadAllTextAsync(log);
        var first = text.IndexOf(" POSITION  ", StringComparison.Ordinal);
        var second = text.IndexOf(" POSITION  ", first + 1, StringComparison.Ordinal);
        await File.WriteAllTextAsync(log, text.Remove(second, text.IndexOf("    total drift", second, StringComparison.Ordinal) - second));
        var notes = new List<string>();
        VaspTrajectory.Read(log, note: notes.Add).Count().ShouldBe(2);
        notes.ShouldHaveSingleItem().ShouldContain("an ionic step has no lattice or no positions and is left out. OUTCARs written with NWRITE = 0");
        Should.Throw<MofException>(() => VaspTrajectory.Read(log).ToList()).Message.ShouldContain("vasprun.xml has them");
    }

    [Fact]
    public async Task Energies_beside_those_without_vdW_are_told_apart()
    {
        var log = Path.Combine(await _folder.RunAsync(1), "OUTCAR");
        var text = await File.ReadAllTextAsync(log);
        var expected = VaspTrajectory.Read(log, VaspEnergy.Extrapolated).Single().Label!.Energy;
        await File.WriteAllTextAsync(log, System.Text.RegularExpressions.Regex.Replace(text, @"(without entropy= +\S+)(  energy\(sigma->0\) = +\S+)", "$1 eV    w/o vdW =      -1.0$2 eV    w/o vdW =      -2.0"));
        VaspTrajectory.Read(log, VaspEnergy.Extrapolated).Single().Label!.Energy.ShouldBe(expected);
    }

    private static AtomicConfiguration Strained(AtomicConfiguration structure, int row, int column, double strain)
    {
        double[] Deform(ReadOnlySpan<double> rows)
        {
            var result = rows.ToArray();
            for (var i = 0; i < rows.Length; i += 3)
            {
                result[i + column] += 0.5 * strain * rows[i + row];
                result[i + row] += 0.5 * strain * rows[i + column];
            }

            return result;
        }

        return structure.With(Deform(structure.Positions), new Potentials.Atoms.Cell(Deform(structure.Cell!.Rows)));
    }

    private sealed record AseFrame(string[] Symbols, double[] Positions, double[] Cell, double Energy, double Free, double[] Forces, double[] Stress);
}
