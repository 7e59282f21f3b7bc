using System.Collections.Concurrent;
using System.Numerics;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Analysis;

/// <summary>What was summed up of the velocities of one run: power by group and frequency, in units that only ratios of are used.</summary>
/// <param name="Groups">Names.</param>
/// <param name="Interval">Time between frames, fs.</param>
/// <param name="BlockFrames">Frames of a block.</param>
/// <param name="Power">[groups][transform/2 + 1]: mean over blocks of Σ m|FFT(w·v)|², amu·(Å/fs)².</param>
/// <param name="Errors">Standard error of each from the scatter of blocks; NaN where there are too few.</param>
/// <param name="KineticEnergy">Mean of Σ½mv² of each group, eV.</param>
/// <param name="Atoms">Atoms of each group.</param>
/// <param name="Blocks">How many blocks.</param>
public sealed record VelocityPower(
    IReadOnlyList<string> Groups, double Interval, int BlockFrames, double[][] Power, double[][] Errors, double[] KineticEnergy, int[] Atoms, long Blocks)
{
    /// <summary>Length of the transform.</summary>
    public int TransformLength => 2 * (Power[0].Length - 1);

    /// <summary>Temperature of all groups together by equipartition over 3N−3 degrees of freedom, K.</summary>
    public double Temperature => 2 * KineticEnergy.Sum() / (PhysicalConstants.Boltzmann * (3.0 * Atoms.Sum() - 3));
}

/// <summary>
/// Velocity spectra of groups of atoms by Welch's method (P. D. Welch, IEEE Trans. Audio Electroacoust. 15 (1967) 70): blocks that overlap by half, each with a Hann window and padded with zeros to at
/// least twice its length; |FFT|² weighted by mass and averaged over blocks and atoms. By the theorem of Wiener and Khinchin this is the Fourier transform of the mass-weighted velocity autocorrelation; the
/// padding makes the correlation one of open ends, so that it too comes out of the same sums. The motion of the centre of mass is taken out of every frame. Only blocks without a gap count. One block
/// of velocities is held, in single precision.
/// </summary>
public sealed class VelocitySpectrum : IFrameAnalysis
{
    private readonly AtomGroups _groups;
    private readonly double _interval;
    private readonly int _block;
    private readonly int _transform;
    private readonly double[] _masses;
    private readonly double _mass;
    private readonly int[] _order;
    private readonly float[][] _series;
    private readonly double[] _window;
    private readonly double[] _sample;
    private readonly double[] _kinetic;
    private readonly BlockedCurve _power;
    private readonly FourierTransform _fourier;
    private readonly ConcurrentBag<FourierTransform> _idle = [];
    private int _filled;
    private long _frames;

    /// <summary>Creates an empty accumulator.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="groups">Of which partial spectra are wanted.</param>
    /// <param name="interval">Time between frames, fs.</param>
    /// <param name="blockFrames">Frames of a block; a sharp line gets the width <see cref="ResolutionOf"/>.</param>
    /// <exception cref="MofException">The interval is not positive or the block shorter than eight frames (InvalidArgument).</exception>
    public VelocitySpectrum(TrajectoryAtoms atoms, AtomGroups groups, double interval, int blockFrames)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentNullException.ThrowIfNull(groups);
        if (!(interval > 0) || blockFrames < 8)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a spectrum of blocks of {blockFrames} frames, {interval} fs apart", expected: "a positive time and at least eight frames");
        }

        _groups = groups;
        _interval = interval;
        _block = blockFrames;
        _transform = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * blockFrames));
        _masses = atoms.Masses();
        _mass = _masses.Sum();
        _order = [.. groups.Members.SelectMany(members => members)];
        _series = [.. Enumerable.Range(0, 3 * _order.Length).Select(_ => new float[blockFrames])];

        // Hann, periodic: halves that overlap add up to a constant.
        _window = [.. Enumerable.Range(0, blockFrames).Select(k => 0.5 - 0.5 * Math.Cos(2 * Math.PI * (k + 0.5) / blockFrames))];
        _sample = new double[groups.Count * (_transform / 2 + 1)];
        _kinetic = new double[groups.Count];
        _power = new BlockedCurve(_sample.Length);
        _fourier = new FourierTransform(_transform);
    }

    /// <summary>Number of whole blocks.</summary>
    public long Blocks => _power.Count;

    /// <summary>Full width at half maximum of a sharp line, cm⁻¹: 1.44 over the length of a block (Hann window, F. J. Harris, Proc. IEEE 66 (1978) 51: 1.44 bins).</summary>
    /// <param name="blockFrames">Frames of a block.</param>
    /// <param name="interval">fs.</param>
    public static double ResolutionOf(int blockFrames, double interval) => 1.44 / (blockFrames * interval * 1e-15 * PhysicalConstants.SpeedOfLightCentimetrePerSecond);

    /// <summary>Frames of a block that gives this width.</summary>
    /// <param name="resolution">cm⁻¹.</param>
    /// <param name="interval">fs.</param>
    public static int BlockFor(double resolution, double interval) => Math.Max(8, (int)Math.Ceiling(ResolutionOf(1, interval) / resolution));

    /// <inheritdoc/>
    /// <exception cref="MofException">The frame has no velocities (InvalidArgument).</exception>
    public void Add(TrajectoryFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!frame.HasVelocities)
        {
            throw new MofException(
                ErrorKind.InvalidArgument, "a velocity spectrum of frames without velocities", $"step {frame.Step}", "vx vy vz in a LAMMPS dump, momenta or velocities in extended XYZ",
                "Write velocities (dump … custom … vx vy vz); positions alone do not give them to the accuracy of a spectrum.");
        }

        if (!frame.Continues)
        {
            _filled = 0;
        }

        var v = frame.Velocities;
        double x = 0, y = 0, z = 0;
        for (var i = 0; i < _masses.Length; i++)
        {
            var part = _masses[i] / _mass;
            x += part * v[3 * i];
            y += part * v[3 * i + 1];
            z += part * v[3 * i + 2];
        }

        var k = 0;
        for (var g = 0; g < _groups.Count; g++)
        {
            var sum = 0.0;
            foreach (var atom in _groups.Members[g])
            {
                double vx = v[3 * atom] - x, vy = v[3 * atom + 1] - y, vz = v[3 * atom + 2] - z;
                sum += _masses[atom] * (vx * vx + vy * vy + vz * vz);

                // The root of the mass belongs to the velocity: then power is weighted by mass.
                var root = Math.Sqrt(_masses[atom]);
                _series[k++][_filled] = (float)(root * vx);
                _series[k++][_filled] = (float)(root * vy);
                _series[k++][_filled] = (float)(root * vz);
            }

            _kinetic[g] += sum / 2 * PhysicalConstants.MassVelocitySquared;
        }

        _frames++;
        if (++_filled == _block)
        {
            CloseBlock();
        }
    }

    /// <summary>What was summed up.</summary>
    /// <exception cref="MofException">No block was filled (InvalidArgument).</exception>
    public VelocityPower Result()
    {
        if (Blocks == 0)
        {
            throw new MofException(
                ErrorKind.InvalidArgument, $"the trajectory holds no stretch of {_block} frames at equal distances, which a resolution of {ResolutionOf(_block, _interval):0.##} /cm takes",
                expected: "a longer trajectory, or a coarser resolution");
        }

        double[] mean = _power.Mean(), errors = _power.Errors();
        var length = _transform / 2 + 1;
        double[][] Rows(double[] flat) => [.. Enumerable.Range(0, _groups.Count).Select(g => flat[(g * length)..((g + 1) * length)])];
        return new VelocityPower(
            _groups.Names, _interval, _block, Rows(mean), Rows(errors), [.. _kinetic.Select(sum => sum / _frames)], [.. _groups.Members.Select(members => members.Length)], Blocks);
    }

    private void CloseBlock()
    {
        // A block comes all at once. Groups have sums of their own, so that the number of threads changes nothing.
        Array.Clear(_sample);
        var length = _transform / 2 + 1;
        Parallel.For(0, _groups.Count, g =>
        {
            var fourier = _idle.TryTake(out var idle) ? idle : new FourierTransform(_fourier);
            Transform(fourier, 3 * _groups.Members.Take(g).Sum(members => members.Length), 3 * _groups.Members[g].Length, _sample.AsSpan(g * length, length));
            _idle.Add(fourier);
        });
        _power.Add(_sample);
        foreach (var series in _series)
        {
            series.AsSpan(_block - _block / 2).CopyTo(series);
        }

        _filled = _block / 2;
    }

    // Two real series at a time as one complex one: |Z(k)|² + |Z(−k)|² = 2(|X(k)|² + |Y(k)|²).
    private void Transform(FourierTransform fourier, int first, int count, Span<double> power)
    {
        for (var s = first; s < first + count; s += 2)
        {
            var pair = s + 1 < first + count ? _series[s + 1] : null;
            fourier.Clear();
            for (var k = 0; k < _block; k++)
            {
                fourier.Real[k] = _window[k] * _series[s][k];
                fourier.Imaginary[k] = pair is null ? 0 : _window[k] * pair[k];
            }

            fourier.Forward();
            for (var k = 0; k < power.Length; k++)
            {
                power[k] += (fourier.Power(k) + fourier.Power((_transform - k) % _transform)) / 2;
            }
        }
    }
}
