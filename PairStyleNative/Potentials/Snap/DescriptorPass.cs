using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Bispectrum of a group and what its derivatives are made of, one atom in each lane: after <see cref="DensityPass"/>,
/// the Z of all <see cref="SnapSegments"/>, with the factors that make them the gradients of the components. Then, for every
/// neighbour, <see cref="DescriptorSlopes"/>, <see cref="DescriptorContraction"/> and <see cref="DescriptorSums"/>.
/// </summary>
internal static unsafe class DescriptorPass
{
    /// <summary>Makes all values of the segments.</summary>
    public static void MakeZ<T>(SnapPlan plan, SnapSegments segments, in SnapGroup group, double* z)
        where T : unmanaged, ILanes<T>
    {
        var end = default(Keep<T>);
        BlockKernels.Run<T, Keep<T>>(segments.Blocks, group.Full, group.Full, z, z, ref end);
        var weight = segments.DensityWeights;
        for (var j = 0; j <= plan.Products.TwoJMax; j++)
        {
            var segment = segments.Items[segments.Densities[j]];
            double* source = group.Sum + 2L * segment.Half * T.Count, target = z + 2L * segment.Start * T.Count;
            for (var e = 0; e < segment.Count; e++, weight++)
            {
                var factor = T.Broadcast(*weight);
                (factor * T.Load(source)).Store(target);
                (factor * T.Load(source + T.Count)).Store(target + T.Count);
                source += 2 * T.Count;
                target += 2 * T.Count;
            }
        }
    }

    /// <summary>B of every component, the isolated atom's left in, <c>[components]</c>.</summary>
    public static void MakeBispectrum<T>(SnapSegments segments, in SnapGroup group, double* z, double* bispectrum)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        for (var c = 0; c < segments.ComponentCount; c++, bispectrum += count)
        {
            var segment = segments.Items[segments.Components[c].First];
            double* one = z + 2L * segment.Start * count, w = group.Sum + 2L * segment.Half * count;
            // Four sums, so that additions don't wait for each other.
            T real = T.Zero, imaginary = T.Zero, otherReal = T.Zero, otherImaginary = T.Zero;
            var left = segment.Count;
            for (; left >= 2; left -= 2)
            {
                real = T.MultiplyAdd(T.Load(one), T.Load(w), real);
                imaginary = T.MultiplyAdd(T.Load(one + count), T.Load(w + count), imaginary);
                otherReal = T.MultiplyAdd(T.Load(one + 2 * count), T.Load(w + 2 * count), otherReal);
                otherImaginary = T.MultiplyAdd(T.Load(one + 3 * count), T.Load(w + 3 * count), otherImaginary);
                one += 4 * count;
                w += 4 * count;
            }

            if (left > 0)
            {
                real = T.MultiplyAdd(T.Load(one), T.Load(w), real);
                imaginary = T.MultiplyAdd(T.Load(one + count), T.Load(w + count), imaginary);
            }

            (T.Broadcast(1.0 / segments.Components[c].Share) * (real + imaginary + (otherReal + otherImaginary))).Store(bispectrum);
        }
    }

    private readonly struct Keep<T> : IBlockEnd<T>
        where T : unmanaged, ILanes<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(double* plane, double* triple, T real, T imaginary)
        {
            real.Store(plane);
            imaginary.Store(plane + T.Count);
        }
    }
}
