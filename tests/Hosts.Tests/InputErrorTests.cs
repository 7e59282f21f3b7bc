namespace MofInterop.Hosts.Tests;

/// <summary>Wrong input ends the run with a message that says what and where.</summary>
public class InputErrorTests
{
    [SkippableFact]
    public async Task A_label_that_the_potential_lacks_is_named_with_those_it_has()
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync(LoaderTests.OneAtom(ReferenceAgreementTests.Snap("WBe_Wood_PRB2019", "Tungsten")));

        outcome.ShouldFailWith("ERROR", "mapping atom type 1", "Tungsten", "Be");
    }

    [SkippableTheory]
    [InlineData(Loader.Launcher)]
    [InlineData(Loader.Script)]
    public async Task A_missing_file_is_named(Loader loader)
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync(LoaderTests.OneAtom("@load@\npair_style mof/snap\npair_coeff * * none.snapcoeff none.snapparam Ta"), loader);

        outcome.ShouldFailWith("ERROR", "none.snapcoeff");
    }

    [SkippableFact]
    public async Task A_missing_card_is_named_on_two_ranks()
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync(LoaderTests.OneAtom("pair_style mof\npair_coeff * * none.mof.yaml Ta"), ranks: 2);

        outcome.ShouldFailWith("ERROR", "none.mof.yaml");
    }

    [SkippableTheory]
    [InlineData("Ta Ta", "got 6")]
    [InlineData("", "got 4")]
    [InlineData("NULL", "every atom type is NULL")]
    public async Task The_number_of_labels_must_be_that_of_atom_types(string labels, string text)
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync(LoaderTests.OneAtom(ReferenceAgreementTests.Snap("Ta06A", labels)));

        outcome.ShouldFailWith("ERROR: Incorrect args for pair coefficients", text);
    }

    [SkippableTheory]
    [InlineData("thread 2", "thread")]
    [InlineData("threads", "threads")]
    [InlineData("threads 0", "threads 0")]
    [InlineData("precision single", "precision single; expected double or mixed")]
    [InlineData("grade_warn 0", "grade_warn 0; expected a number above 0")]
    [InlineData("grade_stop -2", "grade_stop -2; expected a number above 0")]
    [InlineData("grade_every 0", "grade_every 0; expected 1 or more")]
    public async Task A_wrong_argument_of_pair_style_is_named(string arguments, string text)
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync(LoaderTests.OneAtom($"pair_style mof/snap {arguments}"));

        outcome.ShouldFailWith("ERROR: Illegal pair_style command", text);
    }

    [SkippableTheory]
    [InlineData("pair_style mof/snap grade_warn 2", "", "grade_warn and grade_stop need a potential with extrapolation grades")]
    [InlineData("pair_style mof/snap", "compute grades all mof/grade", "Compute mof/grade: the potential has no extrapolation grades")]
    [InlineData("pair_style zero 3", "compute grades all mof/grade", "Compute mof/grade needs pair_style mof or mof/snap")]
    public async Task Grades_of_a_potential_without_them_are_refused(string style, string command, string text)
    {
        using var folder = new HostFolder();
        var coefficients = style.Contains("zero", StringComparison.Ordinal) ? "pair_coeff * *" : $"pair_coeff * * {ReferenceAgreementTests.Files("Ta06A")} Ta";

        var outcome = await folder.RunAsync(LoaderTests.OneAtom($"{style}\n{coefficients}\n{command}"));

        outcome.ShouldFailWith("ERROR", text);
    }

    [SkippableFact]
    public async Task Other_units_are_refused()
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync(LoaderTests.OneAtom(ReferenceAgreementTests.Snap("Ta06A", "Ta"), units: "real"));

        outcome.ShouldFailWith("ERROR", "units metal", "units real");
    }

    [SkippableFact]
    public async Task A_type_without_a_label_must_have_another_style()
    {
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var outcome = await folder.RunAsync(Evaluation.Script(ReferenceAgreementTests.Snap("WBe_Wood_PRB2019", "W NULL")));

        outcome.ShouldFailWith("ERROR: All pair coeffs are not set");
    }

    [SkippableFact]
    public async Task Two_atoms_on_one_spot_end_the_run_with_the_step()
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync(LoaderTests.OneAtom(ReferenceAgreementTests.Snap("Ta06A", "Ta"))
            .Replace("mass 1 100", "create_atoms 1 single 1 1 1\nmass 1 100", StringComparison.Ordinal));

        outcome.ShouldFailWith("ERROR on proc 0: Pair style mof/snap, step 0");
    }

    [SkippableFact]
    public async Task Bonded_neighbours_may_not_be_excluded()
    {
        using var folder = new HostFolder();
        await File.WriteAllTextAsync(folder.File("bonded.data"), """
            two atoms and their bond

            2 atoms
            1 atom types
            1 bonds
            1 bond types
            0 20 xlo xhi
            0 20 ylo yhi
            0 20 zlo zhi

            Masses

            1 180.948

            Atoms # bond

            1 1 1 5 5 5
            2 1 1 8 5 5

            Bonds

            1 1 1 2
            """);
        string Script(string special) => $"""
            units metal
            atom_style bond
            bond_style zero
            special_bonds {special}
            read_data bonded.data extra/special/per/atom 4
            bond_coeff *
            {ReferenceAgreementTests.Snap("Ta06A", "Ta")}
            run 0

            """;

        var excluded = await folder.RunAsync(Script("lj/coul 0 0 0"));
        var kept = await folder.RunAsync(Script("lj/coul 1 1 1"));

        excluded.ShouldFailWith("ERROR", "special_bonds lj/coul 1 1 1");
        kept.ShouldSucceed();
    }
}
