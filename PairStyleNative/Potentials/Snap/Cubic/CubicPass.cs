using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

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

/// <summary>What a pass over the cubic form finds, known when it is compiled.</summary>
internal interface ICubicMode
{
    /// <summary>Whether Y.</summary>
    static abstract bool Gradient { get; }

    /// <summary>Whether the invariants Σ_M Re(W_z*·Z_z) of every component.</summary>
    static abstract bool Invariants { get; }

    /// <summary>
    /// Whether additions take the place of multiplications where they can: for processors that add beside multiplying
    /// (<see cref="Processor.AddsBesideMultiplying"/>), and kernels of 32 registers.
    /// </summary>
    static abstract bool Additions { get; }
}

/// <summary>Y alone, by additions.</summary>
internal readonly struct GradientByAdditions : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => true;

    /// <inheritdoc/>
    public static bool Invariants => false;

    /// <inheritdoc/>
    public static bool Additions => true;
}

/// <summary>Y alone.</summary>
internal readonly struct GradientOnly : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => true;

    /// <inheritdoc/>
    public static bool Invariants => false;

    /// <inheritdoc/>
    public static bool Additions => false;
}

/// <summary>Y and the invariants.</summary>
internal readonly struct GradientAndInvariants : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => true;

    /// <inheritdoc/>
    public static bool Invariants => true;

    /// <inheritdoc/>
    public static bool Additions => false;
}

/// <summary>The invariants alone, without weights.</summary>
internal readonly struct InvariantsOnly : ICubicMode
{
    /// <inheritdoc/>
    public static bool Gradient => false;

    /// <inheritdoc/>
    public static bool Invariants => true;

    /// <inheritdoc/>
    public static bool Additions => false;
}

/// <summary>Runs the kernels through all blocks of a form.</summary>
internal static unsafe class CubicPass
{
    /// <summary>Adds the gradient of ½E with respect to W to Y, and what is wanted besides to the invariants.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="planes">W and Y, <c>[full planes][4]</c>: Re W, Im W, Re Y, Im Y.</param>
    /// <param name="weights">β′ of every component.</param>
    /// <param name="invariants">Invariants of every component; null: not wanted.</param>
    public static void Run<T, TNumber, TMode>(CubicBlocks<TNumber> blocks, T* planes, T* weights, T* invariants)
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
