using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class SymmetryTests
{
    private const double Tolerance = 1e-10;

    private readonly SnapModel _model = RandomSystem.Model(6, 2, 41);

    [Fact]
    public void Forces_turn_with_a_molecule()
    {
        using var potential = new SnapPotential(_model);
        var positions = RandomSystem.Positions(9, new Cell([5, 0, 0, 0, 5, 0, 0, 0, 5]), 1.4, 42);
        var types = RandomSystem.Types(9, 2);
        double[] rotation = Rotation(0.7, -1.1, 2.3);
        var here = Evaluation.Of(potential, positions, types, null);
        var turned = Evaluation.Of(potential, Turn(rotation, positions), types, null);
        turned.Energy.ShouldBe(here.Energy, Tolerance);
        turned.Forces.ShouldAgree(Turn(rotation, here.Forces), 0, Tolerance, "force");
    }

    [Fact]
    public void A_mirrored_molecule_has_the_same_energy()
    {
        using var potential = new SnapPotential(_model);
        var positions = RandomSystem.Positions(9, new Cell([5, 0, 0, 0, 5, 0, 0, 0, 5]), 1.4, 43);
        var types = RandomSystem.Types(9, 2);
        var mirrored = positions.Select((x, k) => k % 3 == 0 ? -x : x).ToArray();
        Evaluation.Of(potential, mirrored, types, null).Energy.ShouldBe(Evaluation.Of(potential, positions, types, null).Energy, Tolerance);
    }

    [Fact]
    public void The_order_of_atoms_does_not_matter()
    {
        using var potential = new SnapPotential(_model);
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(11, cell, 1.4, 44);
        var types = RandomSystem.Types(11, 2);
        var here = Evaluation.Of(potential, positions, types, cell);
        int[] order = [.. Enumerable.Range(0, 11).Select(i => i * 4 % 11)];
        var there = Evaluation.Of(potential, [.. order.SelectMany(i => positions[(3 * i)..(3 * i + 3)])], [.. order.Select(i => types[i])], cell);
        there.Energy.ShouldBe(here.Energy, Tolerance);
        there.Forces.ShouldAgree([.. order.SelectMany(i => here.Forces[(3 * i)..(3 * i + 3)])], 0, Tolerance, "force");
    }

    [Fact]
    public void The_order_of_species_does_not_matter_even_with_several_densities()
    {
        var model = RandomSystem.Model(2, 2, 45, p => p with { Chemical = true });
        using var potential = new SnapPotential(model);
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(8, cell, 1.4, 46);
        int[] species = [0, 1, 1, 0, 1, 0, 0, 1];
        var direct = Evaluation.Of(potential, positions, species, cell);
        // A host that calls species 1 its type 1 and species 0 its type 2, as LAMMPS's pair_coeff may.
        var mapped = Evaluation.Of((in NeighborView atoms, in EvaluationBuffers buffers) => WithMap(potential, atoms, buffers), potential.Cutoff, positions, [.. species.Select(s => 2 - s)], cell);
        mapped.Energy.ShouldBe(direct.Energy);
        mapped.Forces.ShouldBe(direct.Forces);
    }

    [Fact]
    public void Moving_everything_in_a_periodic_cell_changes_nothing()
    {
        using var potential = new SnapPotential(_model);
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(11, cell, 1.4, 47);
        var types = RandomSystem.Types(11, 2);
        var here = Evaluation.Of(potential, positions, types, cell);
        var there = Evaluation.Of(potential, [.. positions.Select((x, k) => x + 3.7 - k % 3 * 5.1)], types, cell);
        there.Energy.ShouldBe(here.Energy, Tolerance);
        there.Forces.ShouldAgree(here.Forces, 0, Tolerance, "force");
    }

    [Theory]
    [InlineData(2.2)]
    [InlineData(5.0)]
    public void A_supercell_repeats_its_cell_also_when_that_is_smaller_than_the_cutoff(double edge)
    {
        using var potential = new SnapPotential(_model);
        var cell = RandomSystem.SkewedCell(edge);
        var atoms = edge < 3 ? 1 : 6;
        var positions = RandomSystem.Positions(atoms, cell, 1.3, 48);
        var types = RandomSystem.Types(atoms, 2);
        var small = Evaluation.Of(potential, positions, types, cell);
        var rows = cell.Rows.ToArray();
        var large = new Cell(rows.Select((x, k) => x * (k < 3 ? 3 : k < 6 ? 1 : 2)).ToArray());
        var many = new List<double>();
        for (var image = 0; image < 6; image++)
        {
            int a = image % 3, c = image / 3;
            many.AddRange(positions.Select((x, k) => x + a * rows[k % 3] + c * rows[6 + k % 3]));
        }

        var result = Evaluation.Of(potential, [.. many], [.. Enumerable.Range(0, 6).SelectMany(_ => types)], large);
        result.Energy.ShouldBe(6 * small.Energy, 1e-9);
        result.Forces.ShouldAgree([.. Enumerable.Range(0, 6).SelectMany(_ => small.Forces)], 0, 1e-9, "force");
        result.Virial.ShouldAgree([.. small.Virial.Select(w => 6 * w)], 0, 1e-8, "virial");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_isolated_atom_has_its_constant_energy(bool subtract)
    {
        var model = RandomSystem.Model(5, 2, 49, p => p with { SubtractIsolatedAtom = subtract });
        using var potential = new SnapPotential(model);
        var result = Evaluation.Of(potential, [0, 0, 0, 50, 0, 0], [0, 1], null);
        var components = SnapIndices.Components(5);
        for (var i = 0; i < 2; i++)
        {
            var beta = model.Species[i].Coefficients.ToArray();
            var expected = beta[0] + (subtract ? 0 : components.Select((c, k) => beta[1 + k] * (c.J + 1)).Sum());
            result.AtomEnergies[i].ShouldBe(expected, 1e-13);
        }

        result.Forces.ShouldAllBe(f => f == 0);
    }

    [Fact]
    public void Atoms_part_smoothly_at_the_cutoff()
    {
        using var potential = new SnapPotential(_model);
        var cutoff = potential.PairCutoff(0, 1);
        var apart = Evaluation.Of(potential, [0, 0, 0, cutoff + 1e-9, 0, 0], [0, 1], null);
        apart.Forces.ShouldAllBe(f => f == 0);
        foreach (var gap in (double[])[1e-3, 1e-5, 1e-7, 1e-9, 1e-12])
        {
            var near = Evaluation.Of(potential, [0, 0, 0, cutoff - gap, 0, 0], [0, 1], null);
            // The switching function vanishes with the square of the gap, the force in proportion.
            Math.Abs(near.Energy - apart.Energy).ShouldBeLessThan(100 * gap * gap + 1e-13);
            near.Forces[0].ShouldBe(-near.Forces[3]);
            Math.Abs(near.Forces[0]).ShouldBeInRange(1e-3 * gap, 100 * gap);
        }
    }

    private static unsafe EvaluationOutcome WithMap(SnapPotential potential, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var map = stackalloc int[3] { -1, 1, 0 };
        var view = atoms;
        view.SpeciesOfType = map;
        return potential.Compute(view, buffers);
    }

    private static double[] Turn(double[] rotation, double[] vectors)
    {
        var turned = new double[vectors.Length];
        for (var k = 0; k < vectors.Length; k++)
        {
            for (var c = 0; c < 3; c++)
            {
                turned[k] += rotation[3 * (k % 3) + c] * vectors[k - k % 3 + c];
            }
        }

        return turned;
    }

    private static double[] Rotation(double a, double b, double c)
    {
        double ca = Math.Cos(a), sa = Math.Sin(a), cb = Math.Cos(b), sb = Math.Sin(b), cc = Math.Cos(c), sc = Math.Sin(c);
        return
        [
            ca * cc - sa * cb * sc, -ca * sc - sa * cb * cc, sa * sb,
            sa * cc + ca * cb * sc, -sa * sc + ca * cb * cc, -ca * sb,
            sb * sc, sb * cc, cb,
        ];
    }
}
