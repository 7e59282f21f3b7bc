using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Analysis.Tests.Motion;

/// <summary>Mean square displacement, diffusion and its dependence on temperature against what is known exactly.</summary>
public class DisplacementTests
{
    [Fact]
    public void Every_lag_is_the_mean_over_all_origins_of_a_slow_double_loop()
    {
        const int atoms = 5, count = 450;
        var random = new Random(1);
        var path = new List<double[]> { new double[3 * atoms] };
        while (path.Count < count)
        {
            path.Add([.. path[^1].Select(x => x + Frames.Normal(random))]);
        }

        var displacement = new MeanSquareDisplacement(Frames.Atoms("H", "O", "H", "O", "O"), AtomGroups.By(["H", "O", "H", "O", "O"]));
        for (var k = 0; k < count; k++)
        {
            displacement.Add(Frames.Of(k, path[k], null));
        }

        var curves = displacement.Segments().Single();
        curves.Groups.ShouldBe(["H", "O"]);
        curves.Frames.ShouldBe([.. Enumerable.Range(1, 19).Select(k => (long)k), .. Enumerable.Range(1, 19).Select(k => 20L * k), 400]);
        double[] masses = [1.008, 15.999, 1.008, 15.999, 15.999];
        var centred = path.Select(x => x.Select((value, k) => value - Enumerable.Range(0, atoms).Sum(i => masses[i] * x[3 * i + k % 3]) / masses.Sum()).ToArray()).ToArray();
        for (var lag = 0; lag < curves.Frames.Length; lag++)
        {
            var frames = (int)curves.Frames[lag];

            // Level l takes every 20^l-th frame: these are its origins.
            var every = frames < 20 ? 1 : frames < 400 ? 20 : 400;
            int[] origins = [.. Enumerable.Range(0, count).Where(k => k % every == 0 && k + frames < count)];
            curves.Origins[lag].ShouldBe(origins.Length);
            foreach (var (group, members) in ((int, int[])[])[(0, [0, 2]), (1, [1, 3, 4])])
            {
                var expected = origins.Average(k => members.Average(i => Enumerable.Range(3 * i, 3).Sum(c => Math.Pow(centred[k + frames][c] - centred[k][c], 2))));
                curves.Displacements[group][lag].ShouldBe(expected, 1e-9 * expected);
            }
        }
    }

    [Fact]
    public void Free_atoms_are_ballistic()
    {
        var random = new Random(2);
        double[] velocities = [.. Enumerable.Range(0, 300).Select(_ => 0.01 * Frames.Normal(random))];
        double[] mean = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 100).Average(i => velocities[3 * i + k]))];
        var displacement = new MeanSquareDisplacement(Frames.Atoms(100), AtomGroups.By([.. Enumerable.Repeat("Ar", 100)]));
        for (var k = 0; k < 1000; k++)
        {
            displacement.Add(Frames.Of(k, [.. velocities.Select(v => v * 2 * k)], null));
        }

        var speed = Enumerable.Range(0, 300).Sum(k => Math.Pow(velocities[k] - mean[k % 3], 2)) / 100;
        var result = SelfDiffusion.Fit(displacement.Segments(), 0, 2);
        for (var k = 0; k < result.Times.Length; k++)
        {
            result.Displacement[k].ShouldBe(speed * result.Times[k] * result.Times[k], 1e-6 * speed * result.Times[k] * result.Times[k]);
        }

        result.Exponent.ShouldBe(2, 1e-6);
    }

    [Fact]
    public void Langevin_atoms_go_from_ballistic_to_diffusive_as_Ornstein_and_Fuerth_found()
    {
        // ⟨r²⟩ = 6 (kT/m)/γ² (γt − 1 + exp(−γt)); exact steps of v and x (D. T. Gillespie, Phys. Rev. E 54 (1996) 2084).
        const double friction = 0.02, thermal = 1e-4, step = 5;
        const int atoms = 200, count = 12000;
        var random = new Random(3);
        var fade = Math.Exp(-friction * step);
        var velocityNoise = Math.Sqrt(thermal * (1 - fade * fade));
        var placeVariance = thermal / (friction * friction) * (2 * friction * step - 3 + 4 * fade - fade * fade);
        var together = thermal / friction * (1 - fade) * (1 - fade);
        var ofVelocity = together / (velocityNoise * velocityNoise);
        var placeNoise = Math.Sqrt(placeVariance - ofVelocity * together);
        double[] x = new double[3 * atoms], v = [.. Enumerable.Range(0, 3 * atoms).Select(_ => Math.Sqrt(thermal) * Frames.Normal(random))];
        var displacement = new MeanSquareDisplacement(Frames.Atoms(atoms), AtomGroups.By([.. Enumerable.Repeat("Ar", atoms)]), framesInSegment: count / 6, removeDrift: false);
        for (var k = 0; k < count; k++)
        {
            displacement.Add(Frames.Of(k, [.. x], null));
            for (var c = 0; c < x.Length; c++)
            {
                var noise = velocityNoise * Frames.Normal(random);
                x[c] += v[c] * (1 - fade) / friction + ofVelocity * noise + placeNoise * Frames.Normal(random);
                v[c] = v[c] * fade + noise;
            }
        }

        var result = SelfDiffusion.Fit(displacement.Segments(), 0, step, from: 500, to: 3000);
        for (var k = 0; k < result.Times.Length && result.Times[k] <= 3000; k++)
        {
            var expected = 6 * thermal / (friction * friction) * (friction * result.Times[k] - 1 + Math.Exp(-friction * result.Times[k]));
            result.Displacement[k].ShouldBe(expected, 0.05 * expected);
        }

        var diffusion = result.Diffusion!.Value;
        diffusion.Error.ShouldBeInRange(0, 0.05 * thermal / friction);
        diffusion.Value.ShouldBe(thermal / friction, 4 * diffusion.Error);
        result.Exponent.ShouldBe(1, 0.1);
    }

    [Fact]
    public void Bound_atoms_have_twice_their_mean_square_amplitude()
    {
        // Each coordinate a harmonic oscillator with a phase of its own: ⟨r²(t)⟩ = 3A²(1 − cos ωt) over origins.
        var random = new Random(4);
        double[] phases = [.. Enumerable.Range(0, 600).Select(_ => 2 * Math.PI * random.NextDouble())];
        var displacement = new MeanSquareDisplacement(Frames.Atoms(200), AtomGroups.By([.. Enumerable.Repeat("Ar", 200)]), removeDrift: false);
        for (var k = 0; k < 4000; k++)
        {
            displacement.Add(Frames.Of(k, [.. phases.Select(phase => 0.1 * Math.Cos(0.37 * k + phase))], null));
        }

        var curves = displacement.Segments().Single();
        for (var lag = 0; lag < 19; lag++)
        {
            curves.Displacements[0][lag].ShouldBe(0.03 * (1 - Math.Cos(0.37 * curves.Frames[lag])), 1e-4);
        }
    }

    [Fact]
    public void Nothing_is_compared_across_a_gap()
    {
        var displacement = new MeanSquareDisplacement(Frames.Atoms(1), AtomGroups.By(["Ar"]), removeDrift: false);
        double[] places = [0, 1, 2, 100, 101, 102];
        for (var k = 0; k < places.Length; k++)
        {
            displacement.Add(Frames.Of(k, [places[k], 0, 0], null, continues: k != 3));
        }

        displacement.Segments().Single().Displacements[0].ShouldBe([1.0, 4]);
        var alone = new MeanSquareDisplacement(Frames.Atoms(1), AtomGroups.By(["Ar"]));
        alone.Add(Frames.Of(0, [0, 0, 0], null));
        Should.Throw<MofException>(() => alone.Segments()).Message.ShouldContain("no displacement can be measured");
    }

    [Fact]
    public void Activation_energies_come_with_their_errors()
    {
        double[] temperatures = [200, 250, 300, 400];
        var exact = ArrheniusFit.Of(temperatures, [.. temperatures.Select(t => new Estimate(3e-4 * Math.Exp(-0.045 / (PhysicalConstants.Boltzmann * t)), double.NaN))]);
        exact.Energy.Value.ShouldBe(0.045, 1e-12);
        exact.Prefactor.Value.ShouldBe(3e-4, 1e-12);
        exact.At(300).ShouldBe(3e-4 * Math.Exp(-0.045 / (PhysicalConstants.Boltzmann * 300)), 1e-15);
        var weighted = ArrheniusFit.Of(temperatures, [.. temperatures.Select(t => new Estimate(exact.At(t), 0.05 * exact.At(t)))]);
        double[] x = [.. temperatures.Select(t => 1 / (PhysicalConstants.Boltzmann * t))];
        weighted.Energy.Error.ShouldBe(0.05 / Math.Sqrt(x.Sum(value => Math.Pow(value - x.Average(), 2))), 1e-12);
        Should.Throw<MofException>(() => ArrheniusFit.Of([300, 400], [new Estimate(-1, 0), new Estimate(1, 0)])).Message.ShouldContain("not positive");
    }
}
