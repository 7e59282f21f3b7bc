using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>NequIP (<see cref="NequipModel"/>); how it runs: <see cref="MessagePassingPotential"/>.</summary>
public sealed class NequipPotential : MessagePassingPotential
{
    // Of tables: below the rounding of what is computed with them.
    private const double SingleAccuracy = 2e-8, DoubleAccuracy = 3e-12;

    /// <summary>Prepares a model.</summary>
    public NequipPotential(NequipModel model, NetworkPrecision precision = NetworkPrecision.AsTrained)
        : this(Checked(model), Processor.WidestLanes, precision)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles, or twice as many floats.</summary>
    internal NequipPotential(NequipModel model, int lanes, NetworkPrecision precision)
        : base("nequip", Checked(model).Species, model.Basis.Cutoff, model.Layers.Count, precision.IsSingle(model.SinglePrecision), Prepare(model, lanes, precision.IsSingle(model.SinglePrecision)))
    {
        Model = model;
    }

    /// <summary>The model.</summary>
    public NequipModel Model { get; }

    /// <inheritdoc/>
    public override double PairCutoff(int first, int second) => Model.Cutoffs is { } cutoffs ? Math.Max(cutoffs.Of(first, second), cutoffs.Of(second, first)) : Cutoff;

    private static NequipModel Checked(NequipModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Checked();
    }

    private static PreparedNetwork Prepare(NequipModel model, int lanes, bool isSingle) => (lanes, isSingle) switch
    {
        (8, true) when Processor.Builds512 => Prepare<SingleLanes512, float, Lanes512>(model, SingleAccuracy),
        (4, true) when Processor.Builds256 => Prepare<SingleLanes256, float, Lanes256>(model, SingleAccuracy),
        (2, true) when Processor.Builds128 => Prepare<SingleLanes128, float, Lanes128>(model, SingleAccuracy),
        (8, _) when Processor.Builds512 => Prepare<Lanes512, double, Lanes512>(model, DoubleAccuracy),
        (4, _) when Processor.Builds256 => Prepare<Lanes256, double, Lanes256>(model, DoubleAccuracy),
        (2, _) when Processor.Builds128 => Prepare<Lanes128, double, Lanes128>(model, DoubleAccuracy),
        _ => throw Processor.NotBuilt(lanes),
    };

    private static PreparedNetwork Prepare<T, TNumber, TDouble>(NequipModel model, double accuracy)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TDouble : unmanaged, ILanes<TDouble>
    {
        var plan = new NequipPlan<T, TNumber>(model, accuracy);
        var last = model.Layers.Count - 1;
        return new PreparedNetwork(plan, () => new NequipEngine<T, TNumber, TDouble>(plan), stage => stage < last ? plan.Sent(stage + 1) : plan.Gradients(2 * last - stage), plan.ValueWidth);
    }
}
