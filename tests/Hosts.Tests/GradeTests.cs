using System.Text.RegularExpressions;

namespace MofInterop.Hosts.Tests;

/// <summary>Extrapolation grades through stock LAMMPS.</summary>
public partial class GradeTests
{
    private const string Structure = "ZIF8_published_rattled";

    [SkippableTheory]
    [InlineData(1, "on", "")]
    [InlineData(2, "off", "")]
    [InlineData(2, "on", " grade_warn 100")]
    public async Task The_compute_gives_every_atom_its_grade(int ranks, string newton, string keywords)
    {
        var (folder, reference, model) = Prepare();
        using (folder)
        {
            var outcome = await folder.RunAsync(Script(model, $"pair_style mof{keywords}", newton), ranks: ranks);

            Grades(folder, outcome.ShouldSucceed()).ShouldAgreeWith(model.Expected());
            outcome.Everything.ShouldNotContain("extrapolation grade");
            reference.Positions.Length.ShouldBe(Grades(folder, outcome).Length);
        }
    }

    [SkippableFact]
    public async Task Grades_that_come_with_the_forces_are_those_computed_afterwards()
    {
        var (folder, _, model) = Prepare();
        using (folder)
        {
            // A dump says ahead at which steps it will ask; at the first step of a run that is too late.
            var outcome = await folder.RunAsync(Script(model, "pair_style mof", run: """
                fix 1 all nve
                timestep 0.0005
                velocity all create 300 4711
                run 4
                undump grades
                dump again all custom 1 again.dump id c_grades
                dump_modify again sort id format float %.16g
                run 0
                """));

            double[][] along = Frames(folder, "grades.dump", outcome);
            double[] afterwards = Frames(folder, "again.dump", outcome).ShouldHaveSingleItem();
            along.Length.ShouldBe(5);
            afterwards.ShouldAgreeWith(along[4]);
            along[4].Zip(along[0], (last, first) => Math.Abs(last - first)).Max().ShouldBeGreaterThan(1e-6);
        }
    }

    [SkippableFact]
    public async Task Atoms_of_other_groups_and_styles_have_the_grade_zero()
    {
        var (folder, reference, model) = Prepare();
        using (folder)
        {
            var labels = model.Labels.Replace("Zn4a", "NULL", StringComparison.Ordinal);
            var script = Script(model, $"pair_style hybrid/overlay zbl 0.1 0.2 mof\npair_coeff * * zbl 4 4\npair_coeff * * mof {model.Card} {labels}", coefficients: false)
                .Replace("compute grades all", "group some id <= 20\ncompute grades some", StringComparison.Ordinal);

            var grades = Grades(folder, (await folder.RunAsync(script)).ShouldSucceed());

            for (var i = 0; i < grades.Length; i++)
            {
                (grades[i] > 0).ShouldBe(i < 20 && reference.AtomLabels[i] != "Zn4a", $"atom {i + 1}");
            }
        }
    }

    [SkippableFact]
    public async Task Of_two_styles_each_grades_its_own_atoms()
    {
        var (folder, _, model) = Prepare();
        using (folder)
        {
            string Only(Func<string, bool> ours) => string.Join(' ', model.Labels.Split(' ').Select(label => ours(label) ? label : "NULL"));
            var (metal, linker) = (Only(label => label.StartsWith('Z')), Only(label => !label.StartsWith('Z')));
            async Task<double[]> Run(string styles, params string[] coefficients) => Grades(folder, (await folder.RunAsync(
                Script(model, $"pair_style hybrid/overlay zbl 0.1 0.2 {styles}\npair_coeff * * zbl 4 4\n{string.Join('\n', coefficients)}", coefficients: false))).ShouldSucceed());

            var both = await Run("mof mof", $"pair_coeff * * mof 1 {model.Card} {metal}", $"pair_coeff * * mof 2 {model.Card} {linker}");

            var (first, second) = (await Run("mof", $"pair_coeff * * mof {model.Card} {metal}"), await Run("mof", $"pair_coeff * * mof {model.Card} {linker}"));
            both.ShouldAgreeWith([.. first.Zip(second, (a, b) => a + b)]);
            both.ShouldAllBe(grade => grade > 0);
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_empty_box_has_no_grades_and_no_warning(int ranks)
    {
        var (folder, _, model) = Prepare();
        using (folder)
        {
            var outcome = await folder.RunAsync(Script(model, "delete_atoms group all\npair_style mof grade_warn 0.1 grade_stop 0.2", run: "fix 1 all nve\nrun 2"), ranks: ranks);

            outcome.ShouldSucceed().Output.ShouldNotContain("extrapolation grade");
            File.ReadAllLines(folder.File("grades.dump"))[3].ShouldBe("0");
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_warning_tells_the_step_the_atom_and_its_environment_once(int ranks)
    {
        var (folder, reference, model) = Prepare();
        using (folder)
        {
            var expected = model.Expected();

            var outcome = await folder.RunAsync(Script(model, "pair_style mof grade_warn 0.5 grade_every 2", run: "fix 1 all nve\ntimestep 0.0001\nrun 10"), ranks: ranks);

            var warning = Warnings().Matches(outcome.ShouldSucceed().Output).ShouldHaveSingleItem().Value;
            warning.ShouldContain("Pair style mof, step 0: extrapolation grade 1 is above grade_warn 0.5");
            var atom = int.Parse(Atom().Match(warning).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            expected[atom - 1].ShouldBe(expected.Max(), 1e-9);
            warning.ShouldContain($"atom {atom} ({reference.AtomLabels[atom - 1]}) at ");
            var distances = Distances().Matches(warning).Select(match => Evaluation.Numbers(match.Groups[1].Value)[0]).ToArray();
            distances.Length.ShouldBeGreaterThan(2);
            distances.ShouldBeInOrder();
            distances[0].ShouldBe(NearestNeighbor(reference, atom - 1), 1e-3);
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Above_grade_stop_the_run_ends_on_all_ranks(int ranks)
    {
        var (folder, _, model) = Prepare();
        using (folder)
        {
            var outcome = await folder.RunAsync(Script(model, "pair_style mof grade_warn 0.1 grade_stop 0.5 grade_every 5", run: "fix 1 all nve\nrun 10"), ranks: ranks);

            outcome.ShouldFailWith("ERROR: Pair style mof, step 0: extrapolation grade 1 is above grade_stop 0.5", "neighbors inside the cutoff:");
            outcome.Everything.ShouldNotContain("ERROR on proc", Case.Sensitive);
        }
    }

    [SkippableFact]
    public async Task A_species_that_training_never_saw_is_told_of()
    {
        var (folder, _, model) = Prepare(unseen: "Zn4a");
        using (folder)
        {
            var outcome = await folder.RunAsync(Script(model, "pair_style mof grade_warn 5"));

            Warnings().Match(outcome.ShouldSucceed().Output).Value.ShouldContain("(Zn4a) at ");
            outcome.Output.ShouldContain("whose species was not in the training set");
            Grades(folder, outcome).Count(double.IsPositiveInfinity).ShouldBe(model.Expected().Count(double.IsPositiveInfinity));
        }
    }

    internal static string Script(GradedModel model, string style, string newton = "on", string run = "run 0", bool coefficients = true) => $"""
        units metal
        newton {newton}
        atom_modify map yes
        box tilt large
        read_data system.data
        @load@
        {style}
        {(coefficients ? $"pair_coeff * * {model.Card} {model.Labels}" : "")}
        compute grades all mof/grade
        dump grades all custom 1 grades.dump id c_grades
        dump_modify grades sort id format float %.16g
        {run}

        """;

    /// <summary>Grades of the first frame.</summary>
    internal static double[] Grades(HostFolder folder, HostOutcome outcome) => Frames(folder, "grades.dump", outcome)[0];

    /// <summary>The column after the id of every frame.</summary>
    internal static double[][] Frames(HostFolder folder, string dump, HostOutcome outcome)
    {
        outcome.ShouldSucceed();
        var lines = File.ReadAllLines(folder.File(dump));
        var count = (int)Evaluation.Numbers(lines[3])[0];
        return [.. lines.Chunk(9 + count).Select(frame => frame[9..].Select(line => line.Split(' ')[1]).Select(word => word == "inf" ? double.PositiveInfinity : Evaluation.Numbers(word)[0]).ToArray())];
    }

    internal static (HostFolder Folder, SnapReference Reference, GradedModel Model) Prepare(string? unseen = null)
    {
        var reference = SnapReference.Load(Structure);
        var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        return (folder, reference, new GradedModel(folder, reference, "zif8", unseen));
    }

    private static double NearestNeighbor(SnapReference reference, int atom)
    {
        var (cell, here) = (reference.Cell, reference.Positions[atom]);
        var distances =
            from other in Enumerable.Range(0, reference.Positions.Length)
            from a in new[] { -1, 0, 1 }
            from b in new[] { -1, 0, 1 }
            from c in new[] { -1, 0, 1 }
            where (other, a, b, c) != (atom, 0, 0, 0)
            select Math.Sqrt(Enumerable.Range(0, 3).Sum(k => Math.Pow(reference.Positions[other][k] + a * cell[0][k] + b * cell[1][k] + c * cell[2][k] - here[k], 2)));
        return distances.Min();
    }

    [GeneratedRegex("WARNING: Pair style mof.*")]
    private static partial Regex Warnings();

    [GeneratedRegex(@"\): atom (\d+)|: atom (\d+)")]
    private static partial Regex Atom();

    [GeneratedRegex(@"(\d+\.\d{3}) A")]
    private static partial Regex Distances();
}
