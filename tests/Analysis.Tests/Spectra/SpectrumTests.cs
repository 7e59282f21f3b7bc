using System.Numerics;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Analysis.Tests.Spectra;

/// <summary>Velocity spectra against direct sums, lines of known places, and the eigenfrequencies of a crystal's Hessian.</summary>
public class SpectrumTests
{
    private const double WavenumberOfInverseFemtosecond = 1e15 / PhysicalConstants.SpeedOfLightCentimetrePerSecond;

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(256)]
    public void The_transform_is_that_of_a_direct_sum(int length)
    {
        var random = new Random(1);
        var transform = new FourierTransform(length);
        Complex[] values = [.. Enumerable.Range(0, length).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
        for (var k = 0; k < length; k++)
        {
            (transform.Real[k], transform.Imaginary[k]) = (values[k].Real, values[k].Imaginary);
        }

        transform.Forward();
        for (var k = 0; k < length; k++)
        {
            var sum = Complex.Zero;
            for (var j = 0; j < length; j++)
            {
                sum += values[j] * Complex.Exp(new Complex(0, -2 * Math.PI * j * k / length));
            }

            transform.Real[k].ShouldBe(sum.Real, 1e-12);
            transform.Imaginary[k].ShouldBe(sum.Imaginary, 1e-12);
        }
    }

    [Fact]
    public void Power_is_that_of_a_slow_sum_over_blocks_and_atoms()
    {
        const int block = 24, count = 61;
        var random = new Random(2);
        var atoms = Frames.Atoms("H", "O", "H");
        var velocities = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 9).Select(_ => random.NextDouble() - 0.5).ToArray()).ToArray();
        var spectrum = new VelocitySpectrum(atoms, AtomGroups.ByElement(atoms), 0.5, block);
        for (var k = 0; k < count; k++)
        {
            spectrum.Add(Frames.Of(k, new double[9], null, velocities[k]));
        }

        var result = spectrum.Result();
        result.Blocks.ShouldBe(4);
        result.TransformLength.ShouldBe(64);
        double[] masses = atoms.Masses();
        for (var frequency = 0; frequency <= 32; frequency++)
        {
            double[] expected = new double[2];
            for (var begin = 0; begin + block <= count; begin += block / 2)
            {
                for (var c = 0; c < 9; c++)
                {
                    var sum = Complex.Zero;
                    for (var k = 0; k < block; k++)
                    {
                        var v = velocities[begin + k];
                        var drift = (masses[0] * v[c % 3] + masses[1] * v[3 + c % 3] + masses[2] * v[6 + c % 3]) / masses.Sum();
                        var window = Math.Pow(Math.Sin(Math.PI * (k + 0.5) / block), 2);
                        sum += window * (v[c] - drift) * Complex.Exp(new Complex(0, -2 * Math.PI * k * frequency / 64));
                    }

                    expected[c / 3 == 1 ? 1 : 0] += masses[c / 3] * sum.Magnitude * sum.Magnitude / 4;
                }
            }

            for (var g = 0; g < 2; g++)
            {
                result.Power[g][frequency].ShouldBe(expected[g], 1e-5 * expected.Sum());
            }
        }
    }

    [Fact]
    public void Correlations_are_those_of_a_direct_sum_and_begin_at_one()
    {
        const int block = 128;
        var random = new Random(3);
        var atoms = Frames.Atoms(40);
        var spectrum = new VelocitySpectrum(atoms, AtomGroups.ByElement(atoms), 1, block);
        var v = new double[120];
        var all = new List<double[]>();
        for (var k = 0; k < 40 * block; k++)
        {
            v = [.. v.Select(value => 0.8 * value + Frames.Normal(random))];
            spectrum.Add(Frames.Of(k, new double[120], null, v));
            all.Add(v);
        }

        var (times, curves) = VibrationalSpectrum.Correlations([spectrum.Result()]);
        times.Length.ShouldBe(block / 4 + 1);
        curves.Select(curve => curve.Group).ShouldBe(["Ar", "all"]);
        for (var lag = 0; lag < times.Length; lag++)
        {
            curves[1].Values[lag].ShouldBe(Math.Pow(0.8, lag), 0.02);
        }

        curves[1].Values[0].ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Lines_stand_at_their_wavenumbers_and_parts_add_up_to_the_whole()
    {
        // H at 3000 /cm and O at 500 /cm, out of phase atom by atom so that nothing drifts.
        const double interval = 1;
        var atoms = Frames.Atoms("H", "H", "O", "O");
        var spectrum = new VelocitySpectrum(atoms, AtomGroups.ByElement(atoms), interval, VelocitySpectrum.BlockFor(10, interval));
        double hydrogen = 2 * Math.PI * 3000.3 / WavenumberOfInverseFemtosecond, oxygen = 2 * Math.PI * 501.7 / WavenumberOfInverseFemtosecond;
        for (var k = 0; k < 40000; k++)
        {
            double h = Math.Cos(hydrogen * k), o = Math.Cos(oxygen * k) / 4;
            spectrum.Add(Frames.Of(k, new double[12], null, [h, h, 0, -h, -h, 0, 0, 0, o, 0, 0, -o]));
        }

        var result = VibrationalSpectrum.Of([spectrum.Result()]);
        result.Resolution.ShouldBe(10, 0.01);
        for (var k = 0; k < result.Wavenumbers.Length; k++)
        {
            result.Partial.Sum(part => part.Density[k]).ShouldBe(result.Total.Density[k], 1e-15);
        }

        var step = result.Wavenumbers[1];
        (step * result.Total.Density.Sum()).ShouldBe(1, 1e-6);

        // Kinetic energies: H 2·1.008·2/2, O 2·15.999/16/2.
        var share = 2 * 1.008 / (2 * 1.008 + 15.999 / 16);
        (step * result.Partial[0].Density.Sum()).ShouldBe(share, 1e-4);
        var peaks = SpectrumPeaks.Find(result);
        peaks.Count.ShouldBe(2);
        peaks[0].Wavenumber.Value.ShouldBe(501.7, 0.2);
        peaks[1].Wavenumber.Value.ShouldBe(3000.3, 0.2);
        peaks[0].Shares[1].ShouldBe(1, 1e-6);
        peaks[1].Shares[0].ShouldBe(1, 1e-6);
        peaks[1].Width.ShouldBe(10, 0.5);
        peaks[1].Terahertz.ShouldBe(3000.3 * 0.0299792458, 0.01);
        result.UpTo(1000).Wavenumbers[^1].ShouldBeInRange(990, 1000);
    }

    [Fact]
    public void An_ideal_gas_has_all_of_its_spectrum_at_zero()
    {
        // Velocities of Maxwell and Boltzmann that never change: the spectrum is the window's own line, half as high at half of its width, nothing beyond its side lobes.
        const double Interval = 10, Resolution = 5, Temperature = 300;
        const int Count = 200;
        var random = new Random(6);
        var atoms = Frames.Atoms(Count);
        var sigma = Math.Sqrt(PhysicalConstants.Boltzmann * Temperature / (atoms.Masses()[0] * PhysicalConstants.MassVelocitySquared));
        double[] v = [.. Enumerable.Range(0, 3 * Count).Select(_ => sigma * Frames.Normal(random))];
        var block = VelocitySpectrum.BlockFor(Resolution, Interval);
        var spectrum = new VelocitySpectrum(atoms, AtomGroups.ByElement(atoms), Interval, block);
        for (var k = 0; k < 3 * block; k++)
        {
            spectrum.Add(Frames.Of(k, new double[3 * Count], null, v));
        }

        var power = spectrum.Result();
        power.Temperature.ShouldBe(Temperature, 5 * Temperature * Math.Sqrt(2.0 / (3 * Count)));
        var result = VibrationalSpectrum.Of([power]);
        var step = result.Wavenumbers[1];
        double At(double wavenumber)
        {
            var place = (int)(wavenumber / step);
            return result.Total.Density[place] + (wavenumber / step - place) * (result.Total.Density[place + 1] - result.Total.Density[place]);
        }

        var top = At(0);
        (At(Resolution / 2) / top).ShouldBe(0.5, 0.05);
        result.Total.Density.Where((_, k) => result.Wavenumbers[k] > 4 * Resolution).ShouldAllBe(density => density < 1e-3 * top);
        (step * (result.Total.Density.Where((_, k) => result.Wavenumbers[k] < 2 * Resolution).Sum() - top / 2)).ShouldBe(1, 0.01);
        var (times, correlations) = VibrationalSpectrum.Correlations([power]);
        correlations[0].Values.ShouldAllBe(value => Math.Abs(value - 1) < 1e-3);
        times[0].ShouldBe(0);
    }

    [Fact]
    public void A_harmonic_crystal_vibrates_at_the_eigenfrequencies_of_its_Hessian()
    {
        // A ring of 8 atoms of two masses with springs along x: eigenvalues by Jacobi rotations of the mass-weighted Hessian.
        const int atoms = 8;
        const double spring = 8, step = 0.5;
        string[] symbols = [.. Enumerable.Range(0, atoms).Select(k => k % 2 == 0 ? "C" : "O")];
        var trajectory = Frames.Atoms(symbols);
        var masses = trajectory.Masses();
        var hessian = new double[atoms, atoms];
        for (var i = 0; i < atoms; i++)
        {
            hessian[i, i] += 2 * spring / masses[i];
            hessian[i, (i + 1) % atoms] -= spring / Math.Sqrt(masses[i] * masses[(i + 1) % atoms]);
            hessian[i, (i + atoms - 1) % atoms] -= spring / Math.Sqrt(masses[i] * masses[(i + atoms - 1) % atoms]);
        }

        var expected = Eigenvalues(hessian).Where(value => value > 1e-9)
            .Select(value => Math.Sqrt(value / PhysicalConstants.MassVelocitySquared) / (2 * Math.PI) * WavenumberOfInverseFemtosecond).Distinct(new Near(1)).Order().ToArray();
        var random = new Random(5);
        double[] x = new double[atoms], v = [.. masses.Select(mass => 0.01 * Frames.Normal(random) / Math.Sqrt(mass))];
        var spectrum = new VelocitySpectrum(trajectory, AtomGroups.ByElement(trajectory), step, VelocitySpectrum.BlockFor(5, step));
        var force = Forces(x, spring);
        for (var k = 0; k < 80000; k++)
        {
            spectrum.Add(Frames.Of(k, new double[3 * atoms], null, [.. v.SelectMany(value => (double[])[value, 0, 0])]));
            for (var i = 0; i < atoms; i++)
            {
                v[i] += step / 2 * force[i] / (masses[i] * PhysicalConstants.MassVelocitySquared);
                x[i] += step * v[i];
            }

            force = Forces(x, spring);
            for (var i = 0; i < atoms; i++)
            {
                v[i] += step / 2 * force[i] / (masses[i] * PhysicalConstants.MassVelocitySquared);
            }
        }

        var peaks = SpectrumPeaks.Find(VibrationalSpectrum.Of([spectrum.Result()]), 1e-3);
        peaks.Count.ShouldBe(expected.Length);
        foreach (var (peak, frequency) in peaks.Zip(expected))
        {
            peak.Wavenumber.Value.ShouldBe(frequency, 0.5 + 1e-3 * frequency);
        }
    }

    [Fact]
    public void Errors_and_peaks_come_from_the_scatter_of_runs()
    {
        var atoms = Frames.Atoms("O", "O");
        var runs = Enumerable.Range(0, 4).Select(run =>
        {
            var spectrum = new VelocitySpectrum(atoms, AtomGroups.ByElement(atoms), 1, VelocitySpectrum.BlockFor(20, 1));
            var random = new Random(run);
            var frequency = 2 * Math.PI * (1000 + 2 * run) / WavenumberOfInverseFemtosecond;
            for (var k = 0; k < 12000; k++)
            {
                var v = Math.Sin(frequency * k) + 0.2 * Frames.Normal(random);
                spectrum.Add(Frames.Of(k, new double[6], null, [v, 0, 0, -v, 0, 0]));
            }

            return spectrum.Result();
        }).ToArray();
        var mean = VibrationalSpectrum.Of(runs);
        var peak = SpectrumPeaks.Find(mean, 0.1, [.. runs.Select(run => VibrationalSpectrum.Of([run]))]).Single();
        peak.Wavenumber.Value.ShouldBe(1003, 0.5);
        peak.Wavenumber.Error.ShouldBe(Math.Sqrt(20.0 / 3 / 4), 0.2);
        mean.Total.Errors.ShouldAllBe(error => error >= 0);
    }

    [Fact]
    public void Blocks_have_no_gaps_and_too_short_a_trajectory_says_what_it_lacks()
    {
        var atoms = Frames.Atoms(2);
        var spectrum = new VelocitySpectrum(atoms, AtomGroups.ByElement(atoms), 1, 8);
        for (var k = 0; k < 40; k++)
        {
            spectrum.Add(Frames.Of(k, new double[6], null, new double[6], continues: k % 7 != 0));
        }

        spectrum.Blocks.ShouldBe(0);
        Should.Throw<MofException>(() => spectrum.Result()).Message.ShouldContain("no stretch of 8 frames");
        Should.Throw<MofException>(() => spectrum.Add(Frames.Of(0, new double[6], null))).Message.ShouldContain("frames without velocities");
    }

    [Fact]
    public void The_temperature_is_that_of_the_velocities()
    {
        var random = new Random(6);
        var atoms = Frames.Atoms([.. Enumerable.Range(0, 400).Select(k => k % 2 == 0 ? "H" : "Zn")]);
        var masses = atoms.Masses();
        var spectrum = new VelocitySpectrum(atoms, AtomGroups.ByElement(atoms), 1, 8);
        for (var k = 0; k < 100; k++)
        {
            spectrum.Add(Frames.Of(k, new double[1200], null, [.. Enumerable.Range(0, 1200).Select(c => Math.Sqrt(PhysicalConstants.Boltzmann * 350 / masses[c / 3] / PhysicalConstants.MassVelocitySquared) * Frames.Normal(random))]));
        }

        spectrum.Result().Temperature.ShouldBe(350, 5);
    }

    private static double[] Forces(double[] x, double spring) =>
        [.. Enumerable.Range(0, x.Length).Select(i => spring * (x[(i + 1) % x.Length] + x[(i + x.Length - 1) % x.Length] - 2 * x[i]))];

    private static double[] Eigenvalues(double[,] a)
    {
        var n = a.GetLength(0);
        for (var sweep = 0; sweep < 60; sweep++)
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p, q]) < 1e-14)
                    {
                        continue;
                    }

                    var angle = 0.5 * Math.Atan2(2 * a[p, q], a[p, p] - a[q, q]);
                    double c = Math.Cos(angle), s = Math.Sin(angle);
                    for (var k = 0; k < n; k++)
                    {
                        (a[p, k], a[q, k]) = (c * a[p, k] + s * a[q, k], -s * a[p, k] + c * a[q, k]);
                    }

                    for (var k = 0; k < n; k++)
                    {
                        (a[k, p], a[k, q]) = (c * a[k, p] + s * a[k, q], -s * a[k, p] + c * a[k, q]);
                    }
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => a[i, i])];
    }

    private sealed class Near(double distance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < distance;

        public int GetHashCode(double value) => 0;
    }
}
