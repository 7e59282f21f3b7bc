using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Chemical;

/// <summary>Y += β′·Z.</summary>
internal readonly unsafe struct AddWeighted<T> : IBlockEnd<T>
    where T : unmanaged, ILanes<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(double* plane, double* triple, T real, T imaginary)
    {
        var weight = T.Load(triple);
        T.MultiplyAdd(weight, real, T.Load(plane)).Store(plane);
        T.MultiplyAdd(weight, imaginary, T.Load(plane + T.Count)).Store(plane + T.Count);
    }
}

/// <summary>Invariant += Re(W_z*·Z), W being weighted (<see cref="Weigh"/>).</summary>
internal readonly unsafe struct Contract<T> : IBlockEnd<T>
    where T : unmanaged, ILanes<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(double* plane, double* triple, T real, T imaginary) =>
        T.MultiplyAdd(real, T.Load(plane), T.MultiplyAdd(imaginary, T.Load(plane + T.Count), T.Load(triple))).Store(triple);

    /// <summary>Writes W with its half plane weights to the proper half of <paramref name="planes"/>, <c>[full planes][2]</c>.</summary>
    public static void Weigh(SnapPlan plan, in SnapGroup group, double* planes)
    {
        for (var e = 0; e < plan.ElementCount; e++)
        {
            ref readonly var element = ref plan.Elements[e];
            var weight = T.Broadcast(element.Weight);
            T* source = (T*)group.Full + 2L * element.Full, target = (T*)planes + 2L * element.Full;
            target[0] = weight * source[0];
            target[1] = weight * source[1];
        }
    }
}
