using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>MACE (<see cref="MaceModel"/>); how it runs: <see cref="MessagePassingPotential"/>.</summary>
public sealed class MacePotential : MessagePassingPotential
{
    // Of tables: below the rounding of what is computed with them.
    private const double SingleAccuracy = 2e-8, DoubleAccuracy = 2e-12;

    /// <summary>Prepares a model.</summary>
    public MacePotential(MaceModel model, NetworkPrecision precision = NetworkPrecision.AsTrained)
        : this(Checked(model), Processor.WidestLanes, precision)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles, or twice as many floats.</summary>
    internal MacePotential(MaceModel model, int lanes, NetworkPrecision precision)
        : base("mace", Checked(model).Species, model.Cutoff, model.Layers.Count, precision.IsSingle(model.SinglePrecision), Prepare(model, lanes, precision.IsSingle(model.SinglePrecision)))
    {
        Model = model;
    }

    /// <summary>The model.</summary>
    public MaceModel Model { get; }

    private static MaceModel Checked(MaceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Checked();
    }

    private static PreparedNetwork Prepare(MaceModel model, int lanes, bool isSingle) => (lanes, isSingle) switch
    {
        (8, true) when Processor.Builds512 => Prepare<SingleLanes512, float>(model, SingleAccuracy),
        (4, true) when Processor.Builds256 => Prepare<SingleLanes256, float>(model, SingleAccuracy),
        (2, true) when Processor.Builds128 => Prepare<SingleLanes128, float>(model, SingleAccuracy),
        (8, _) when Processor.Builds512 => Prepare<Lanes512, double>(model, DoubleAccuracy),
        (4, _) when Processor.Builds256 => Prepare<Lanes256, double>(model, DoubleAccuracy),
        (2, _) when Processor.Builds128 => Prepare<Lanes128, double>(model, DoubleAccuracy),
        _ => throw Processor.NotBuilt(lanes),
    };

    private static PreparedNetwork Prepare<T, TNumber>(MaceModel model, double accuracy)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var plan = new MacePlan<T, TNumber>(model, accuracy);
        var last = model.Layers.Count - 1;
        return new PreparedNetwork(plan, () => new MaceEngine<T, TNumber>(plan), stage => stage < last ? plan.Sent(stage + 1) : plan.Gradients(2 * last - stage), plan.ValueWidth);
    }
}
