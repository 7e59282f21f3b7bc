using MofInterop.Potentials.Errors;

namespace MofInterop.Execution.Tests;

public sealed class ProgramFinderTests
{
    [Fact]
    public void A_program_on_the_path_is_found_as_an_absolute_path() => File.Exists(ProgramFinder.Find("sh")).ShouldBeTrue();

    [Fact]
    public void A_program_that_is_nowhere_is_null_or_an_error_with_the_remedy()
    {
        ProgramFinder.Find("no-such-program").ShouldBeNull();
        Should.Throw<MofException>(() => ProgramFinder.Require("no-such-program", "Run apt install it.")).Message.ShouldContain("apt install it");
    }

    [Fact]
    public void A_setting_wins_and_a_wrong_one_is_an_error_rather_than_ignored()
    {
        ProgramFinder.Find("no-such-program", "/bin/sh").ShouldBe("/bin/sh");
        Should.Throw<MofException>(() => ProgramFinder.Find("sh", "/etc/passwd")).Message.ShouldContain("/etc/passwd");
    }

    [Fact]
    public void A_variable_overrides_the_path()
    {
        ProgramFinder.VariableFor("cp2k_shell.psmp").ShouldBe("MOFINTEROP_CP2K_SHELL_PSMP");
        Environment.SetEnvironmentVariable("MOFINTEROP_OVERRIDDEN_TOOL", "/bin/sh");
        ProgramFinder.Find("overridden-tool").ShouldBe("/bin/sh");

        // A path was chosen already.
        ProgramFinder.Find("/opt/no-such-folder/overridden-tool").ShouldBeNull();
    }
}
