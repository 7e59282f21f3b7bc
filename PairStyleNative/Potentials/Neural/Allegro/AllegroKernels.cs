using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>Loops over channels, in vectors of T. Rows of channels are <c>width</c> numbers.</summary>
internal static unsafe class AllegroKernels<T, TNumber>
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    /// <summary>target (+)= factor·source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(int count, double factor, TNumber* source, TNumber* target, bool add)
    {
        var f = T.Broadcast(Real.Of<TNumber>(factor));
        for (var k = 0; k < count; k += T.Count)
        {
            (add ? T.MultiplyAdd(f, T.Load(source + k), T.Load(target + k)) : f * T.Load(source + k)).Store(target + k);
        }
    }

    /// <summary>Puts factor·gradient in the place of what it is the gradient of, times factor, and returns Σ gradient·value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exchange(int count, double factor, TNumber* gradient, TNumber* values)
    {
        var f = T.Broadcast(Real.Of<TNumber>(factor));
        var sum = T.Zero;
        for (var k = 0; k < count; k += T.Count)
        {
            var slope = T.Load(gradient + k);
            sum = T.MultiplyAdd(slope, T.Load(values + k), sum);
            (f * slope).Store(values + k);
        }

        return T.Sum(sum);
    }

    /// <summary>target += Σ_rows weights[row]·source[row], channel by channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(int rows, int width, TNumber* weights, TNumber* source, TNumber* target)
    {
        for (var k = 0; k < width; k += T.Count)
        {
            var sum = T.Load(target + k);
            for (var row = 0; row < rows; row++)
            {
                sum = T.MultiplyAdd(T.Load(weights + row * width + k), T.Load(source + row * width + k), sum);
            }

            sum.Store(target + k);
        }
    }

    /// <summary>The adjoint of <see cref="Gather"/>: target[row] += weights[row]·gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread(int rows, int width, TNumber* weights, TNumber* gradient, TNumber* target)
    {
        for (var k = 0; k < width; k += T.Count)
        {
            var slope = T.Load(gradient + k);
            for (var row = 0; row < rows; row++)
            {
                T.MultiplyAdd(T.Load(weights + row * width + k), slope, T.Load(target + row * width + k)).Store(target + row * width + k);
            }
        }
    }

    /// <summary>target[m] (+)= factor·Y_m·weights[l(m)].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weight(int degree, int width, double factor, TNumber* harmonics, TNumber* weights, TNumber* target, bool add)
    {
        for (var l = 0; l <= degree; l++, weights += width)
        {
            for (var m = -l; m <= l; m++, harmonics++, target += width)
            {
                var f = T.Broadcast(Real.Of<TNumber>(factor)) * T.Broadcast(*harmonics);
                for (var k = 0; k < width; k += T.Count)
                {
                    (add ? T.MultiplyAdd(f, T.Load(weights + k), T.Load(target + k)) : f * T.Load(weights + k)).Store(target + k);
                }
            }
        }
    }

    /// <summary>The adjoint of <see cref="Weight"/>: slopes of weights, filled, and of harmonics, added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightBack(int degree, int width, double factor, TNumber* harmonics, TNumber* weights, TNumber* gradient, TNumber* byWeights, double* byHarmonics)
    {
        for (var l = 0; l <= degree; l++, weights += width, byWeights += width)
        {
            for (var m = -l; m <= l; m++, harmonics++, byHarmonics++, gradient += width)
            {
                var f = T.Broadcast(Real.Of<TNumber>(factor)) * T.Broadcast(*harmonics);
                var sum = T.Zero;
                for (var k = 0; k < width; k += T.Count)
                {
                    var slope = T.Load(gradient + k);
                    sum = T.MultiplyAdd(slope, T.Load(weights + k), sum);
                    (m == -l ? f * slope : T.MultiplyAdd(f, slope, T.Load(byWeights + k))).Store(byWeights + k);
                }

                *byHarmonics += factor * T.Sum(sum);
            }
        }
    }

    /// <summary>Results of the tensor product of one edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(AllegroLayerPlan<T, TNumber> plan, int width, TNumber* features, TNumber* environment, TNumber* results)
    {
        for (var result = 0; result < plan.ResultCount; result++, results += width)
        {
            CouplingTerm<TNumber>* begin = plan.Terms + plan.Starts[result], end = plan.Terms + plan.Starts[result + 1];
            for (var k = 0; k < width; k += T.Count)
            {
                var sum = T.Zero;
                for (var term = begin; term < end; term++)
                {
                    sum = T.MultiplyAdd(T.Broadcast(term->Value) * T.Load(features + term->First + k), T.Load(environment + term->Second + k), sum);
                }

                sum.Store(results + k);
            }
        }
    }

    /// <summary>The adjoint of <see cref="Multiply"/>; both gradients are added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyBack(AllegroLayerPlan<T, TNumber> plan, int width, TNumber* features, TNumber* environment, TNumber* gradient, TNumber* byFeatures, TNumber* byEnvironment)
    {
        for (var result = 0; result < plan.ResultCount; result++, gradient += width)
        {
            CouplingTerm<TNumber>* begin = plan.Terms + plan.Starts[result], end = plan.Terms + plan.Starts[result + 1];
            for (var term = begin; term < end; term++)
            {
                int first = term->First, second = term->Second;
                var value = T.Broadcast(term->Value);
                for (var k = 0; k < width; k += T.Count)
                {
                    var slope = value * T.Load(gradient + k);
                    T.MultiplyAdd(slope, T.Load(environment + second + k), T.Load(byFeatures + first + k)).Store(byFeatures + first + k);
                    T.MultiplyAdd(slope, T.Load(features + first + k), T.Load(byEnvironment + second + k)).Store(byEnvironment + second + k);
                }
            }
        }
    }
}
