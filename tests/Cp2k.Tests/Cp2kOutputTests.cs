using MofInterop.Cp2k;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cp2k.Tests;

public class Cp2kOutputTests
{
    [Fact]
    public void Energy_forces_and_stress_are_converted_to_the_units_and_signs_of_the_suite()
    {
        var label = Cp2kOutput.Read(Output("water.out"), atoms: 3);

        label.Energy.ShouldBe(-5.768613731556084 * 27.211386245988, 1e-9);
        label.Forces.Length.ShouldBe(9);
        label.Forces[1].ShouldBe(0.006104956977 * 27.211386245988 / 0.529177210903, 1e-9);
        label.Forces[8].ShouldBe(-0.006022678567 * 27.211386245988 / 0.529177210903, 1e-9);
        var stress = label.Stress.ShouldNotBeNull();
        double[] printed = [1.92803490842e-01, -8.96846387420e-01, -6.50600937658e-01, -2.17920189950e-01, 4.33416587693e-03, 2.08981426725e-02];
        for (var k = 0; k < 6; k++)
        {
            stress[k].ShouldBe(-printed[k] / 160.2176634, 1e-12);
        }
    }

    [Fact]
    public void The_output_of_more_atoms_than_were_asked_for_is_refused() =>
        Should.Throw<MofException>(() => Cp2kOutput.Read(Output("water.out"), atoms: 2)).Message.ShouldContain("there are forces on more atoms than the 2 that were asked for");

    [Fact]
    public void The_SCF_steps_of_all_outer_loops_are_counted() =>
        Cp2kOutput.Scf(File.ReadLines(Output("water.out"))).ShouldBe(new ScfEnding(true, 23));

    [Fact]
    public void An_SCF_that_did_not_converge_is_recognised_although_energy_and_forces_are_printed()
    {
        Cp2kOutput.Scf(File.ReadLines(Output("not-converged.out"))).ShouldBe(new ScfEnding(false, 4));

        var error = Should.Throw<MofException>(() => Cp2kOutput.Read(Output("not-converged.out"), atoms: 3));

        error.Kind.ShouldBe(ErrorKind.NumericalFailure);
        error.Message.ShouldContain("did not converge");
    }

    [Fact]
    public void Without_a_word_about_the_SCF_it_did_not_converge() => Cp2kOutput.Scf(["ENERGY| Total FORCE_EVAL ( QS ) energy [a.u.]:  -1.0"]).Converged.ShouldBeFalse();

    [Fact]
    public void A_truncated_output_is_an_error_that_names_the_file_and_the_missing_atom()
    {
        var error = Should.Throw<MofException>(() => Cp2kOutput.Read(Output("truncated.out"), atoms: 3));

        error.Kind.ShouldBe(ErrorKind.FileFormat);
        error.Message.ShouldContain("truncated.out");
        error.Message.ShouldContain("the force on atom 3 of 3 is missing");
    }

    [Theory]
    [InlineData("ENERGY|", "the total energy is missing")]
    [InlineData("ATOMIC FORCES", "the forces is missing")]
    [InlineData("STRESS| Analytical", "the stress tensor is missing")]
    public void Each_missing_part_is_named(string removed, string expected)
    {
        using var folder = new ScratchFolder();
        File.WriteAllLines(folder["cut.out"], File.ReadLines(Output("water.out")).Where(line => !line.Contains(removed, StringComparison.Ordinal)));

        Should.Throw<MofException>(() => Cp2kOutput.Read(folder["cut.out"], atoms: 3)).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("****************")]
    public void A_force_that_is_not_a_number_is_an_error_with_its_line(string printed)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["nan.out"], File.ReadAllText(Output("water.out")).Replace("-0.015495507325", printed, StringComparison.Ordinal));

        Should.Throw<MofException>(() => Cp2kOutput.Read(folder["nan.out"], atoms: 3)).Message.ShouldContain("nan.out:97");
    }

    [Fact]
    public void The_text_of_an_abort_box_is_read_without_its_drawing()
    {
        var message = Cp2kOutput.AbortMessage(File.ReadLines(Output("abort.out"))).ShouldNotBeNull();

        message.ShouldStartWith("Unknown element for KIND <Xx>. This problem can be fixed specifying properly elements");
        message.ShouldEndWith("topology_util.F:1248");
    }

    [Fact]
    public void An_output_without_an_abort_box_has_no_abort_message() => Cp2kOutput.AbortMessage(File.ReadLines(Output("water.out"))).ShouldBeNull();

    [Fact]
    public void The_version_is_read_from_the_header() => Cp2kOutput.Version(File.ReadLines(Output("water.out"))).ShouldBe("2023.1");

    private static string Output(string name) => Path.Combine(AppContext.BaseDirectory, "Outputs", name);
}
