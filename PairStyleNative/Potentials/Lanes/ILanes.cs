using System.Numerics;

namespace MofInterop.Potentials.Lanes;

/// <summary>A vector whose every element ("lane") belongs to another atom: the arithmetic that all precisions share.</summary>
/// <typeparam name="TSelf">The implementing struct, a bare vector register.</typeparam>
/// <typeparam name="TNumber">double or float.</typeparam>
internal unsafe interface ILanes<TSelf, TNumber> :
    IAdditionOperators<TSelf, TSelf, TSelf>,
    ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, ILanes<TSelf, TNumber>
    where TNumber : unmanaged
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Zero in all lanes.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>One number in all lanes.</summary>
    static abstract TSelf Broadcast(TNumber value);

    /// <summary>Reads <see cref="Count"/> numbers from aligned memory.</summary>
    static abstract TSelf Load(TNumber* source);

    /// <summary>a·b + c.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>c − a·b.</summary>
    static abstract TSelf NegatedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The sum of all lanes.</summary>
    static abstract double Sum(TSelf value);

    /// <summary>Writes <see cref="Count"/> numbers to aligned memory.</summary>
    void Store(TNumber* target);
}

/// <summary>
/// Lanes of doubles. The kernel is written once over this interface and specialised for each width at compile time:
/// 8, 4 or 2 doubles.
/// </summary>
/// <typeparam name="TSelf">The implementing struct, a bare vector register.</typeparam>
internal interface ILanes<TSelf> : ILanes<TSelf, double>, IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Neighbours whose accumulators the force pass can hold in registers at once: 4 or 2.</summary>
    static abstract int ForceNeighbors { get; }

    /// <summary>Square root of every lane.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>Largest integer not above, of every lane.</summary>
    static abstract TSelf Floor(TSelf value);

    /// <summary>The smaller of two, lane by lane.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger of two, lane by lane.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>2 to the power of an integer from −1022 to 1023, lane by lane.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);
}

/// <summary>A register of floats: the lanes of two registers of doubles.</summary>
/// <typeparam name="TSelf">The implementing struct, a bare vector register.</typeparam>
/// <typeparam name="TDouble">The register of doubles of the same size.</typeparam>
internal interface ISingleLanes<TSelf, TDouble> : ILanes<TSelf, float>
    where TSelf : unmanaged, ISingleLanes<TSelf, TDouble>
    where TDouble : unmanaged, ILanes<TDouble>
{
    /// <summary>Rounds two registers into one.</summary>
    static abstract TSelf Narrow(TDouble lower, TDouble upper);

    /// <summary>The doubles of the lower half of the lanes.</summary>
    static abstract TDouble WidenLower(TSelf value);

    /// <summary>The doubles of the upper half of the lanes.</summary>
    static abstract TDouble WidenUpper(TSelf value);
}
