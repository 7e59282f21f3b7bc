using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Sums;

/// <summary>A sum with a part that runs in stages; the other parts run in the first.</summary>
public sealed unsafe class StagedSumPotential : SumPotential, IStagedPotential
{
    private readonly SumPart _staged;
    private readonly IStagedPotential _potential;

    internal StagedSumPotential(Species[] species, SumPart[] parts)
        : base(species, parts)
    {
        _staged = parts.Single(part => part.Potential is IStagedPotential);
        _potential = (IStagedPotential)_staged.Potential;
    }

    /// <inheritdoc/>
    public int StageCount => _potential.StageCount;

    /// <inheritdoc/>
    public int ValueWidth => _potential.ValueWidth;

    /// <inheritdoc/>
    public bool StartsFromZero => _potential.StartsFromZero;

    /// <inheritdoc/>
    public bool FollowsOwners => _potential.FollowsOwners;

    /// <inheritdoc/>
    public GhostBlock ExchangedAfter(int stage) => _potential.ExchangedAfter(stage);

    /// <inheritdoc/>
    public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        var outcome = _staged.ComputeStage(stage, atoms, buffers, values);
        foreach (var part in Slots)
        {
            if (stage == 0 && part != _staged && outcome.Status == EvaluationStatus.Success)
            {
                outcome = part.Compute(atoms, buffers);
            }
        }

        return outcome;
    }
}
