using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Cubic;

/// <summary>Where a kernel reads next in the lists of <see cref="CubicBlocks{TNumber}"/>.</summary>
internal unsafe struct CubicCursor<TNumber>
    where TNumber : unmanaged
{
    /// <summary>Headers.</summary>
    public int* Block;

    /// <summary>Offsets of elements.</summary>
    public int* Place;

    /// <summary>K.</summary>
    public TNumber* Factor;
}

/// <summary>Runs the kernels through all blocks of a form.</summary>
internal static unsafe class CubicPass
{
    /// <summary>Adds the gradient of ½E with respect to W to Y, and to the invariants if they are wanted.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="planes">W and Y, <c>[full planes][4]</c>: Re W, Im W, Re Y, Im Y.</param>
    /// <param name="weights">β′ of every component.</param>
    /// <param name="invariants">Σ_M Re(W_z*·Z_z) of every component; null: not wanted.</param>
    /// <param name="additions">
    /// Whether additions may take the place of multiplications where the processor gains by that: with 32 registers.
    /// </param>
    public static void AddGradient<T, TNumber>(CubicBlocks<TNumber> blocks, T* planes, T* weights, T* invariants, bool additions)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        additions = additions && Processor.AddsBesideMultiplying;
        if (invariants is null)
        {
            if (additions)
            {
                Run<T, TNumber, GradientByAdditions>(blocks, planes, weights, invariants);
            }
            else
            {
                Run<T, TNumber, GradientOnly>(blocks, planes, weights, invariants);
            }
        }
        else if (additions)
        {
            Run<T, TNumber, GradientAndInvariantsByAdditions>(blocks, planes, weights, invariants);
        }
        else
        {
            Run<T, TNumber, GradientAndInvariants>(blocks, planes, weights, invariants);
        }
    }

    /// <summary>Adds to the invariants alone; weights do not matter.</summary>
    public static void AddInvariants<T>(CubicBlocks<double> blocks, T* planes, T* weights, T* invariants)
        where T : unmanaged, ILanes<T> => Run<T, double, InvariantsOnly>(blocks, planes, weights, invariants);

    /// <summary>What is wanted, as the mode says.</summary>
    internal static void Run<T, TNumber, TMode>(CubicBlocks<TNumber> blocks, T* planes, T* weights, T* invariants)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
        where TMode : struct, ICubicMode
    {
        var cursor = blocks.Start;
        byte* first = (byte*)planes, weight = (byte*)weights;
        var distance = (nint)((byte*)invariants - weight);
        foreach (var run in blocks.Runs)
        {
            switch (run.Kind)
            {
                case 1: CubicKernels.Blocks1<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case 2: CubicKernels.Blocks2<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case 3: CubicKernels.Blocks3<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case 4: CubicKernels.Blocks4<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case 5: CubicKernels.Blocks5<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case -1: CentralKernels.Blocks1<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case -2: CentralKernels.Blocks2<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case -3: CentralKernels.Blocks3<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                case -4: CentralKernels.Blocks4<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
                default: CentralKernels.Blocks5<T, TNumber, TMode>(run.Count, ref cursor, first, weight, distance); break;
            }
        }
    }

    /// <summary>Y_x += G·W_y*, Y_y += G·W_x*; u and v are the elements of x and y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void HandBack<T, TNumber, TMode>(T* u, T* v, T ur, T ui, T vr, T vi, T gr, T gi)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TMode : struct, ICubicMode
    {
        if (TMode.Additions)
        {
            var sum = gr + gi;
            T common = vr * sum, other = ur * sum;
            u[2] = T.MultiplyAdd(gi, vi - vr, u[2] + common);
            u[3] = T.NegatedMultiplyAdd(gr, vr + vi, u[3] + common);
            v[2] = T.MultiplyAdd(gi, ui - ur, v[2] + other);
            v[3] = T.NegatedMultiplyAdd(gr, ur + ui, v[3] + other);
        }
        else
        {
            u[2] = T.MultiplyAdd(gi, vi, T.MultiplyAdd(gr, vr, u[2]));
            u[3] = T.NegatedMultiplyAdd(gr, vi, T.MultiplyAdd(gi, vr, u[3]));
            v[2] = T.MultiplyAdd(gi, ui, T.MultiplyAdd(gr, ur, v[2]));
            v[3] = T.NegatedMultiplyAdd(gr, ui, T.MultiplyAdd(gi, ur, v[3]));
        }
    }

    /// <summary>What becomes of Z_z(M): Y_z += β′·Z, invariant += Re(W_z*·Z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Finish<T, TNumber, TMode>(T* receiver, T* weight, nint invariants, T real, T imaginary)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TMode : struct, ICubicMode
    {
        if (TMode.Gradient)
        {
            receiver[2] = T.MultiplyAdd(*weight, real, receiver[2]);
            receiver[3] = T.MultiplyAdd(*weight, imaginary, receiver[3]);
        }

        if (TMode.Invariants)
        {
            var invariant = (T*)((byte*)weight + invariants);
            *invariant = T.MultiplyAdd(real, receiver[0], T.MultiplyAdd(imaginary, receiver[1], *invariant));
        }
    }
}
