using MofInterop.Execution;
using MofInterop.Potentials.Units;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Cp2k.Tests;

/// <summary>The system that the recipes label: the primitive cell of MOF-5, 106 atoms.</summary>
public class MetalOrganicFrameworkTests
{
    /// <summary>GFN1-xTB with EPS_SCF 1e-8 and a tight Ewald sum (α 1 bohr⁻¹, accuracy 1e-10, splines of order 10), CP2K 2023.1.</summary>
    private const double TightEnergy = -243.750896752468236 * PhysicalConstants.Hartree;

    [SkippableFact]
    public async Task MOF_5_is_labelled_with_the_accuracy_that_the_settings_promise()
    {
        Molecules.RequireCp2k();
        var path = ReferenceData.Find("mof/structures/MOF-5-mace-mof0-v2-opt.extxyz");
        Skip.If(path is null, "reference data absent");
        using var folder = new ScratchFolder();
        var framework = ExtendedXyz.Read(path).Single();
        await using var labeller = new Cp2kLabeller(new XtbMethod(), Molecules.Settings, new ToolRunner(), folder["shell"]);

        var relaxed = await labeller.LabelAsync(framework, folder["1"]);
        var displaced = await labeller.LabelAsync(Displaced(framework), folder["2"]);

        relaxed.Failure.ShouldBeNull();
        relaxed.Label!.Energy.ShouldBe(TightEnergy, 106 * 2e-6);
        displaced.Failure.ShouldBeNull();
        displaced.Attempts.ShouldHaveSingleItem().Iterations.ShouldNotBeNull().ShouldBeLessThan(25);
        for (var k = 0; k < 3; k++)
        {
            Enumerable.Range(0, framework.Count).Sum(i => displaced.Label!.Forces[3 * i + k]).ShouldBe(0, 1e-6);
        }
    }

    private static AtomicConfiguration Displaced(AtomicConfiguration configuration)
    {
        var random = new Random(1);
        return configuration.With([.. configuration.Positions.Select(x => x + 0.2 * (random.NextDouble() - 0.5))], configuration.Cell);
    }
}
