using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Allegro;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Tests.Neural;

namespace MofInterop.Potentials.Tests;

/// <summary>Which widths of vectors kernels can be asked for.</summary>
public sealed class LaneChoiceTests
{
    [Fact]
    public void Programs_that_are_compiled_as_they_run_have_all_widths()
    {
        (Processor.Builds512, Processor.Builds256, Processor.Builds128).ShouldBe((true, true, true));
        Processor.WidestLanes.ShouldBeOneOf(8, 4, 2);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(0)]
    public void A_width_that_there_is_not_is_refused(int lanes)
    {
        foreach (var make in (Action[])[
            () => new DeepPotPotential(RandomDeepPot.Make(1), lanes, NetworkPrecision.Double, tabulated: false).Dispose(),
            () => new AllegroPotential(AllegroData.Of("plain").Model, lanes, NetworkPrecision.Double).Dispose(),
            () => new AllegroPotential(AllegroData.Of("plain").Model, lanes, NetworkPrecision.Single).Dispose(),
        ])
        {
            var problem = Should.Throw<MofException>(make);
            problem.Kind.ShouldBe(ErrorKind.Unsupported);
            problem.Message.ShouldContain($"vectors of {lanes} doubles are not part of this build; expected 8, 4 or 2");
        }
    }
}
