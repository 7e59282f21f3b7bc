using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// A configuration as a point: for each type the mean and the standard deviation over its atoms of each bispectrum component. Atoms of a type may
/// be exchanged and the number of atoms may differ; the spread keeps what the mean of many atoms hides.
/// </summary>
public static class FrameFingerprints
{
    /// <summary>The points of configurations, <c>[species · components · 2]</c> each; the result does not depend on the threads.</summary>
    /// <param name="model">The descriptor; its coefficients are not used.</param>
    /// <param name="frames">Typed.</param>
    /// <param name="threads">That may be used.</param>
    /// <param name="cancellation">Stops after a few configurations.</param>
    /// <exception cref="MofException">An atom's label is no species of the model, or the descriptors cannot be computed.</exception>
    public static double[][] Of(SnapModel model, IReadOnlyList<AtomicConfiguration> frames, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(frames);
        using var pass = new EnvironmentPass(model, threads);
        var width = model.BispectrumCount;
        var points = new double[frames.Count][];
        for (var k = 0; k < points.Length; k++)
        {
            var counts = new int[model.Species.Count];
            var point = new double[2 * width * counts.Length];
            pass.Visit([frames[k]], (species, bispectrum) =>
            {
                counts[species]++;
                for (var c = 0; c < width; c++)
                {
                    // Welford's update: mean in the first half of a type's part, sum of squares in the second.
                    ref var mean = ref point[2 * width * species + c];
                    var step = bispectrum[c] - mean;
                    mean += step / counts[species];
                    point[2 * width * species + width + c] += step * (bispectrum[c] - mean);
                }
            }, cancellation);
            for (var species = 0; species < counts.Length; species++)
            {
                foreach (ref var square in point.AsSpan(2 * width * species + width, width))
                {
                    square = counts[species] == 0 ? 0 : Math.Sqrt(square / counts[species]);
                }
            }

            points[k] = point;
        }

        return points;
    }
}
