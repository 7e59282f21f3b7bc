using MofInterop.Potentials.Neural.Equivariant;
using MofInterop.Potentials.Neural.Mace;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Against MACE's own AgnesiTransform, ZBLBasis, BesselBasis and PolynomialCutoff (mace/modules/radial.py), run with PyTorch and its automatic derivatives: r_max 6, p 5; H, C, Zr.</summary>
public sealed class MaceRadialTests
{
    private static readonly double[] Radii = [0.31, 0.76, 1.75];

    [Theory]
    [InlineData(0, 0, 0.45, 0.4521300162618731, -0.915659226396327, 0.42613014798058163, -7.687161891474629, 0.8325244637871915, 0.293093538578557)]
    [InlineData(0, 1, 0.7, 0.4983236962251017, -0.6836875224090602, 0.49930677519763994, -5.009172008863854, 0.8167808084111915, 0.23673546978476728)]
    [InlineData(1, 2, 1.1, 0.732413970446759, -0.566925129164459, 0.5436713250697981, -3.204127579419395, 0.7174207269029756, 0.2602764014212566)]
    [InlineData(2, 2, 2.3, 0.49618645841067593, -0.20678154574148389, 0.0005442699490096534, -0.003791563293785345, 0.7515738074900642, -0.051369111357208286)]
    [InlineData(1, 1, 0.2, 0.9976316577914379, -0.05377219548707713, 180.81197595822695, -2232.89612549709, 0.5787164008593746, 0.030999194476991905)]
    [InlineData(0, 2, 3.0, 0.26127276630336954, -0.06369114991590202, 0.0, 0.0, 0.6819046829880817, -0.2316380314086906)]
    public void Transform_repulsion_and_basis_are_those_of_MACE(int first, int second, double r, double transform, double transformSlope, double repulsion, double repulsionSlope, double basis, double basisSlope)
    {
        var agnesi = new AgnesiTransform(1.0805, 0.9183, 4.5791, Radii);
        var x = agnesi.At(r, first, second);
        x.Value.ShouldBe(transform, 1e-13);
        x.First.ShouldBe(transformSlope, 1e-12);
        agnesi.At(r, second, first).ShouldBe(x);

        var pair = new PairRepulsion([1, 6, 40], Radii, [0.1818, 0.5099, 0.2802, 0.02817], 0.4543, 0.3, 5).At(r, first, second);
        pair.Value.ShouldBe(repulsion, 1e-12 * Math.Max(1, Math.Abs(repulsion)));
        pair.Slope.ShouldBe(repulsionSlope, 1e-12 * Math.Max(1, Math.Abs(repulsionSlope)));

        // The identity in place of a network: what goes in comes out.
        double[] identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        var network = new PlainEdgeNetwork(new Potentials.Neural.Networks.DenseNetwork([new(3, 3, identity, null, null, Potentials.Neural.Networks.Activation.Linear, false)], "identity"));
        var form = new RadialForm(new BesselBasis(6, 5, Math.Sqrt(2.0 / 6), [Math.PI, 2 * Math.PI, 3 * Math.PI]), agnesi);
        var third = form.Expand(network, r, first, second)[2];
        third.Value.ShouldBe(basis, 1e-12);
        third.First.ShouldBe(basisSlope, 1e-11);
        const double Step = 1e-5;
        third.Second.ShouldBe((form.Expand(network, r + Step, first, second)[2].First - form.Expand(network, r - Step, first, second)[2].First) / (2 * Step), 1e-6 * Math.Max(1, Math.Abs(third.Second)));
    }

    [Fact]
    public void At_no_distance_the_transform_has_value_and_derivatives()
    {
        var jet = new AgnesiTransform(1.0805, 0.9183, 4.5791, Radii).At(0, 0, 1);
        (jet.Value, jet.First, jet.Second).ShouldBe((1.0, 0.0, 0.0));
    }

    [Fact]
    public void Other_radial_functions_and_transforms_have_their_derivatives()
    {
        const double Step = 1e-5;
        foreach (var (name, at) in ((string, Func<double, Potentials.Neural.Networks.Jet>)[])[
            ("soft", r => new SoftTransform(4, Radii).At(r, 0, 2)),
            ("gaussian", r => new GaussianFunctions([0, 1, 2, 3], 1).At(2, r))])
        {
            foreach (var r in (double[])[0.3, 0.9, 1.7, 2.6])
            {
                var jet = at(r);
                (at(r + Step).Value - at(r - Step).Value).ShouldBe(2 * Step * jet.First, 1e-9, name);
                (at(r + Step).First - at(r - Step).First).ShouldBe(2 * Step * jet.Second, 1e-8, name);
            }
        }
    }
}
