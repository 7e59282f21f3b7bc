using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cp2k.Tests;

/// <summary>DFTB with the parameters of Debian's cp2k-data.</summary>
public class DftbTests
{
    [SkippableFact]
    public async Task Forces_and_stress_are_derivatives_of_the_energy()
    {
        var method = Method();
        using var folder = new ScratchFolder();
        await using var labeller = new Cp2kLabeller(method, Molecules.Settings, new ToolRunner(), folder["shell"]);
        const double step = 1e-3;
        var hydroxide = new AtomicConfiguration(["Zn", "O", "H", "H"], [0, 0, 0, 1.5, 0.9, 0.6, 2.3, 0.6, 0.9, -1.4, 0.3, -0.3], new Potentials.Atoms.Cell([5.2, 0, 0, 0.3, 5.6, 0, 0.1, 0.2, 5.4]), periodic: true);

        var label = await LabelAsync(labeller, hydroxide, folder);

        foreach (var coordinate in (int[])[0, 4, 8])
        {
            var ahead = await LabelAsync(labeller, Molecules.Moved(hydroxide, coordinate, step), folder);
            var behind = await LabelAsync(labeller, Molecules.Moved(hydroxide, coordinate, -step), folder);
            label.Forces[coordinate].ShouldBe(-(ahead.Energy - behind.Energy) / (2 * step), 2e-3);
        }

        label.Forces.Max(Math.Abs).ShouldBeGreaterThan(0.1);
        (int Row, int Column)[] voigt = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        for (var k = 0; k < 6; k++)
        {
            var stretched = await LabelAsync(labeller, Molecules.Strained(hydroxide, voigt[k].Row, voigt[k].Column, step), folder);
            var squeezed = await LabelAsync(labeller, Molecules.Strained(hydroxide, voigt[k].Row, voigt[k].Column, -step), folder);
            label.Stress![k].ShouldBe((stretched.Energy - squeezed.Energy) / (2 * step) / hydroxide.Cell!.Volume, 2e-5, $"component {k}");
        }
    }

    [SkippableFact]
    public void Elements_without_parameters_are_refused()
    {
        var method = Method();
        method.Parameters.Elements.ShouldBe(["C", "H", "N", "O", "P", "S", "Zn"]);
        Should.Throw<MofException>(() => method.Check(["Zr", "O", "O"])).Message.ShouldContain("DFTB cannot treat Zr (atom 0): the parameters in ");
        Should.Throw<MofException>(() => method.Check(["P", "P", "Zn"])).Message.ShouldContain("have no files for the pair P-Zn");
        method.Check(["Zn", "N", "C", "H", "H", "N"]);
        method.Description.ShouldContain(method.Parameters.Fingerprint);
        method.IncludesDispersion.ShouldBeFalse();
    }

    [Fact]
    public void A_folder_without_parameters_is_refused_with_what_belongs_there()
    {
        using var folder = new ScratchFolder();
        Should.Throw<MofException>(() => DftbParameters.Read(folder.Path)).Message.ShouldContain("scc_parameter, which names the file of each pair of elements");
        File.WriteAllText(folder["scc_parameter"], "C C cc.spl\nC Qq cq.spl\n");
        Should.Throw<MofException>(() => DftbParameters.Read(folder.Path)).Where.ShouldBe(folder["scc_parameter"] + ":2");
    }

    private static DftbMethod Method()
    {
        Molecules.RequireCp2k();
        try
        {
            return new DftbMethod(DftbParameters.Read(null)) { Scf = new ScfSettings { Convergence = 1e-8 } };
        }
        catch (MofException absent)
        {
            Skip.If(true, absent.Message);
            throw;
        }
    }

    private static async Task<ReferenceLabel> LabelAsync(Cp2kLabeller labeller, AtomicConfiguration configuration, ScratchFolder folder)
    {
        var outcome = await labeller.LabelAsync(configuration, folder["label"]);
        return outcome.Label ?? throw new InvalidOperationException(outcome.Failure);
    }
}
