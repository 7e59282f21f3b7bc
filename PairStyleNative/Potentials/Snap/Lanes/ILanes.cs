using System.Numerics;

namespace MofInterop.Potentials.Snap.Lanes;

/// <summary>
/// A vector whose every element ("lane") belongs to another atom. The kernel is written once over this interface and
/// specialised for each width at compile time: 8, 4 or 2 doubles.
/// </summary>
/// <typeparam name="TSelf">The implementing struct, a bare vector register.</typeparam>
internal unsafe interface ILanes<TSelf> :
    IAdditionOperators<TSelf, TSelf, TSelf>,
    ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>,
    IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Neighbours whose accumulators the force pass can hold in registers at once: 4 or 2.</summary>
    static abstract int ForceNeighbors { get; }

    /// <summary>Zero in all lanes.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>One number in all lanes.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Reads <see cref="Count"/> doubles from aligned memory.</summary>
    static abstract TSelf Load(double* source);

    /// <summary>a·b + c.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>c − a·b.</summary>
    static abstract TSelf NegatedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Square root of every lane.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>Largest integer not above, of every lane.</summary>
    static abstract TSelf Floor(TSelf value);

    /// <summary>The smaller of two, lane by lane.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>Writes <see cref="Count"/> doubles to aligned memory.</summary>
    void Store(double* target);
}
