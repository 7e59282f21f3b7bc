namespace MofInterop.Hosts.Tests;

/// <summary>The two ways into a LAMMPS that knows nothing of the pair styles.</summary>
public class LoaderTests
{
    [SkippableTheory]
    [InlineData(Loader.Launcher)]
    [InlineData(Loader.Script)]
    public async Task The_styles_are_there_again_after_clear(Loader loader)
    {
        var reference = SnapReference.Load("Ta06A_linear_2J6");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var script = Evaluation.Script(reference.StyleLines());

        var outcome = await folder.RunAsync($"{script}clear\n{script}", loader);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
    }

    [SkippableFact]
    public async Task The_script_loads_on_every_rank()
    {
        var reference = SnapReference.Load("Ta06A_linear_2J6");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var outcome = await folder.RunAsync(Evaluation.Script(reference.StyleLines()), Loader.Script, ranks: 2);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
    }

    [SkippableFact]
    public async Task The_dynamic_linker_takes_the_library_for_this_processor()
    {
        Skip.IfNot(System.Runtime.Intrinsics.X86.Avx2.IsSupported, "a processor with AVX2 is needed to tell the builds apart");
        using var folder = new HostFolder();
        var outcome = await folder.RunAsync(OneAtom(ReferenceAgreementTests.Snap("Ta06A", "Ta")));

        outcome.ShouldSucceed().Output.ShouldContain(
            System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "x86-64-v4 instructions" : "x86-64-v3 instructions");
    }

    [SkippableFact]
    public async Task A_library_that_is_not_where_the_script_says_is_named()
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync("variable mof_library index /nowhere/libmoflammps.so\n@load@\n", Loader.Script);

        outcome.ShouldFailWith("/nowhere/libmoflammps.so does not exist");
    }

    [SkippableFact]
    public async Task The_launcher_takes_the_arguments_of_lmp()
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync("print \"answer ${answer}\"\nquit 3\n".Replace("${answer}", "$(6*7)", StringComparison.Ordinal));

        outcome.Output.ShouldContain("answer 42");
        outcome.ExitCode.ShouldBe(3);
    }

    internal static string OneAtom(string styleLines, string units = "metal") => $"""
        units {units}
        region box block 0 20 0 20 0 20
        create_box 1 box
        create_atoms 1 single 1 1 1
        mass 1 100
        {styleLines}
        run 0

        """;
}
