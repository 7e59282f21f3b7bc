using System.Diagnostics;
using MofInterop.Cp2k;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cp2k.Tests;

/// <summary>Shells that hang, die or talk nonsense; a script plays the shell, the rest is real.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public class BrokenShellTests
{
    /// <summary>Answers as the real shell does for two atoms; the words of one answer can be replaced.</summary>
    private const string Polite =
        """
        #!/bin/sh
        echo '* READY'
        while read -r word rest; do
          case "$word" in
            LOAD) echo '         1';;
            SET_POS) while read -r line && [ "$line" != '*END' ]; do :; done; echo '  0.0';;
            SET_CELL) read -r l; read -r l; read -r l;;
            EVAL_EF) echo '  *** SCF run converged in     8 steps ***';;
            GET_E) ENERGY;;
            GET_F) FORCES;;
            GET_STRESS) echo '0 0 0 0 0 0 0 0 0';;
          esac
          echo '* READY'
        done
        """;

    private const string Forces = "printf '6\\n1 2 3\\n4 5 6\\n* END\\n'";
    private const string Energy = "echo ' -1.0'";

    [Fact]
    public async Task The_scripted_shell_itself_gives_a_label() =>
        (await LabelAsync(Script(Energy, Forces))).Label.ShouldNotBeNull().Forces.Length.ShouldBe(6);

    [Theory]
    [InlineData("echo NaN", Forces, "not finite")]
    [InlineData(Energy, "printf '6\\n1 2 3\\n4 NaN 6\\n* END\\n'", "not finite")]
    [InlineData(Energy, "printf '6\\n1 2 3\\n4 5\\n* END\\n'", "expected 6 numbers")]
    [InlineData(Energy, "printf '3\\n1 2 3\\n* END\\n'", "GET_F")]
    [InlineData("echo '****************'", Forces, "expected 1 numbers")]
    [InlineData("echo '* ERROR get_energy failed'", Forces, "get_energy failed")]
    [InlineData("exit 3", Forces, "ended without a word")]
    public async Task What_is_not_a_complete_set_of_numbers_is_never_a_label(string energy, string forces, string problem)
    {
        var outcome = await LabelAsync(Script(energy, forces));

        outcome.Label.ShouldBeNull();
        outcome.Attempts.ShouldAllBe(attempt => attempt.Problem!.Contains(problem));
    }

    [Fact]
    public async Task A_shell_that_hangs_is_ended_and_tried_once_more_only()
    {
        var clock = Stopwatch.StartNew();

        var outcome = await LabelAsync(Script("sleep 60", Forces), TimeSpan.FromSeconds(1));

        outcome.Label.ShouldBeNull();
        outcome.Attempts.Count.ShouldBe(2);
        outcome.Attempts.ShouldAllBe(attempt => attempt.Problem == "no answer within 1 s");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_shell_that_dies_once_is_replaced_and_the_label_is_saved()
    {
        // The first process dies at GET_E; the second finds the mark and answers.
        var outcome = await LabelAsync(Script("if [ -e died ]; then echo ' -1.0'; else touch died; exit 9; fi", Forces));

        outcome.Label.ShouldNotBeNull();
        outcome.Attempts.Count.ShouldBe(2);
        outcome.Attempts[0].Problem.ShouldNotBeNull().ShouldContain("ended");
    }

    [Fact]
    public async Task A_shell_that_cannot_be_started_is_an_error_with_what_it_said_and_no_failed_label()
    {
        var error = await Should.ThrowAsync<MofException>(() => LabelAsync("#!/bin/sh\necho 'libxsmm.so: cannot open shared object file' >&2\nexit 127\n"));

        error.Message.ShouldContain("cannot be started, so nothing can be labelled");
        error.Message.ShouldContain("libxsmm.so: cannot open shared object file");
    }

    [Fact]
    public async Task Forces_beyond_the_largest_double_are_never_a_label() =>
        (await LabelAsync(Script(Energy, "printf '6\\n1 2 3\\n4 1e400 6\\n* END\\n'"))).Label.ShouldBeNull();

    [Fact]
    public async Task Cancelling_ends_the_shell_and_is_no_outcome()
    {
        using var folder = new ScratchFolder();
        await using var labeller = Labeller(Script("sleep 60", Forces), folder, TimeSpan.FromMinutes(1));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<OperationCanceledException>(() => labeller.LabelAsync(Molecules.ZincOxide, folder["label"], cancellation.Token));
    }

    [Fact]
    public async Task A_program_that_is_missing_is_an_error_that_says_what_to_install()
    {
        using var folder = new ScratchFolder();
        await using var labeller = new Cp2kLabeller(new XtbMethod(), new Cp2kSettings { Program = "/nowhere/cp2k" }, new ToolRunner(), folder["shell"]);

        var error = await Should.ThrowAsync<MofException>(() => labeller.LabelAsync(Molecules.ZincOxide, folder["label"]));

        error.Kind.ShouldBe(ErrorKind.ToolFailure);
        error.Message.ShouldContain("apt install cp2k");
    }

    private static string Script(string energy, string forces) =>
        Polite.Replace("ENERGY", energy, StringComparison.Ordinal).Replace("FORCES", forces, StringComparison.Ordinal);

    private static Cp2kLabeller Labeller(string script, ScratchFolder folder, TimeSpan limit)
    {
        var path = folder["cp2k_shell"];
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(folder["xTB_parameters"], "");
        return new Cp2kLabeller(
            new XtbMethod(),
            new Cp2kSettings { Program = path, ShellProgram = path, DataDirectory = folder.Path, TimeLimit = limit },
            new ToolRunner(),
            folder["shell"]);
    }

    private static async Task<Structures.ReferenceOutcome> LabelAsync(string script, TimeSpan? limit = null)
    {
        using var folder = new ScratchFolder();
        await using var labeller = Labeller(script, folder, limit ?? TimeSpan.FromSeconds(30));
        return await labeller.LabelAsync(Molecules.ZincOxide, folder["label"]);
    }
}
