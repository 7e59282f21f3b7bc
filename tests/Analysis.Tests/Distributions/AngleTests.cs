using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Tests.Distributions;

/// <summary>Angles, dihedrals and coordination numbers of molecules whose geometry is known.</summary>
public class AngleTests
{
    [Fact]
    public void Neighbours_within_the_cutoffs_make_angles_through_the_boundary()
    {
        // A tetrahedron of O round Zn at the corner of the cell, and a far O.
        double[] positions = [0, 0, 0, 1, 1, 1, -1 + 10, -1 + 10, 1, -1, 1, -1, 1, -1, -1, 5, 5, 5];
        var angles = new AngleDistribution("O-Zn-O", ([1, 2, 3, 4, 5], 2.5), [0], ([1, 2, 3, 4, 5], 2.5));
        angles.Add(Frames.Of(0, positions, Frames.Cubic(10)));
        var curve = angles.Curve();
        curve.PerFrame.ShouldBe(6);
        curve.Mean.ShouldBe(Math.Acos(-1.0 / 3) * 180 / Math.PI, 1e-9);
        curve.Density[109].ShouldBe(1);
        curve.Density.Sum().ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Ends_of_two_kinds_have_cutoffs_of_their_own()
    {
        double[] positions = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3.5];
        var angles = new AngleDistribution("H-C-O", ([1], 1.5), [0], ([2, 3], 2.5), 5);
        angles.Add(Frames.Of(0, positions, null));
        angles.Curve().PerFrame.ShouldBe(1);
        angles.Curve().Mean.ShouldBe(90, 1e-12);
    }

    [Fact]
    public void Fixed_angles_are_counted_however_long_their_bonds_are()
    {
        var angles = new AngleDistribution("a", [new AtomTriple(1, 0, 2)], 1);
        angles.Add(Frames.Of(0, [0, 0, 0, 4, 0, 0, -4, 1e-7, 0], Frames.Cubic(10)));
        angles.Curve().Mean.ShouldBe(180, 1e-5);
        angles.Curve().Density[179].ShouldBe(1);
        Should.Throw<MofException>(() => new AngleDistribution("a", [], 7)).Message.ShouldContain("bins of 7 degrees");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(-75)]
    [InlineData(179)]
    public void A_dihedral_has_its_sign(double degrees)
    {
        // Looking along +z from the second to the third atom, clockwise is from +x towards +y seen from behind: right-handed about the axis.
        var radians = degrees * Math.PI / 180;
        double[] positions = [1, 0, 0, 0, 0, 0, 0, 0, 1.5, Math.Cos(radians), Math.Sin(radians), 1.5];
        var dihedrals = new DihedralDistribution("d", [new AtomQuadruple(0, 1, 2, 3)], 2);
        dihedrals.Add(Frames.Of(0, positions, null));
        dihedrals.Curve().Mean.ShouldBe(degrees, 1e-9);
        var reversed = new DihedralDistribution("d", [new AtomQuadruple(3, 2, 1, 0)], 2);
        reversed.Add(Frames.Of(0, positions, null));
        reversed.Curve().Mean.ShouldBe(degrees, 1e-9);
    }

    [Fact]
    public void Coordination_counts_sharp_or_smooth()
    {
        double[] positions = [0, 0, 0, 2, 0, 0, -2, 0, 0, 0, 2.6, 0];
        var sharp = new CoordinationNumber("Zn-N", [0], [1, 2, 3], 2.5);
        var smooth = new CoordinationNumber("Zn-N", [0], [1, 2, 3], 2.5, 0.1);
        for (var k = 0; k < 10; k++)
        {
            positions[10] = k < 5 ? 2.4 : 2.6;
            foreach (var counter in (CoordinationNumber[])[sharp, smooth])
            {
                counter.Add(Frames.Of(k, positions, Frames.Cubic(20)));
            }
        }

        sharp.Result().Mean.Value.ShouldBe(2.5);
        sharp.Result().Series.ShouldBe([3.0, 3, 3, 3, 3, 2, 2, 2, 2, 2]);
        sharp.Result().Fractions.ShouldBe([0, 0, 0.5, 0.5]);
        smooth.Result().Mean.Value.ShouldBe(2.5 - 2 / (1 + Math.Exp(5)), 1e-12);
        smooth.Result().Fractions.ShouldBe([0, 0, 0.5, 0.5]);
    }

    [Fact]
    public void A_cutoff_beyond_half_of_the_cell_is_refused()
    {
        var counter = new CoordinationNumber("Zn-N", [0], [1], 2.5);
        Should.Throw<MofException>(() => counter.Add(Frames.Of(0, new double[6], Frames.Cubic(4.9)))).Message.ShouldContain("whose faces are 4.9 angstrom apart");
    }
}
