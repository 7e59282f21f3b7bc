using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Sums;

/// <summary>A sum with parts that run in stages, one part after the other; the other parts run in the first stage.</summary>
public sealed unsafe class StagedSumPotential : SumPotential, IStagedPotential
{
    private readonly StagedPart[] _staged;

    internal StagedSumPotential(Species[] species, SumPart[] parts)
        : base(species, parts)
    {
        _staged = [.. parts.Where(part => part.Potential is IStagedPotential).Select(part => new StagedPart(part, (IStagedPotential)part.Potential))];
        for (var n = 0; n < _staged.Length; n++)
        {
            _staged[n] = _staged[n] with { FirstStage = StageCount, FirstValue = ValueWidth };
            StageCount += _staged[n].Potential.StageCount;
            ValueWidth += _staged[n].Potential.ValueWidth;
        }
    }

    private readonly record struct StagedPart(SumPart Part, IStagedPotential Potential, int FirstStage = 0, int FirstValue = 0);

    /// <inheritdoc/>
    public int StageCount { get; }

    /// <inheritdoc/>
    public int ValueWidth { get; }

    /// <inheritdoc/>
    public bool StartsFromZero => Array.Exists(_staged, one => one.Potential.StartsFromZero);

    /// <inheritdoc/>
    public bool FollowsOwners => Array.TrueForAll(_staged, one => one.Potential.FollowsOwners);

    /// <inheritdoc/>
    public GhostBlock ExchangedAfter(int stage)
    {
        ref readonly var one = ref At(stage);
        var own = stage - one.FirstStage;
        if (own == one.Potential.StageCount - 1)
        {
            // Nobody asks for what the last stage of a part leaves.
            return default;
        }

        var (first, width) = one.Potential.ExchangedAfter(own);
        return new GhostBlock(one.FirstValue + first, width);
    }

    /// <inheritdoc/>
    public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        ref readonly var one = ref At(stage);
        var outcome = one.Part.ComputeStage(stage - one.FirstStage, atoms, buffers, values + (long)one.FirstValue * atoms.AtomCount);
        foreach (var part in Slots)
        {
            if (stage == 0 && part.Potential is not IStagedPotential && outcome.Status == EvaluationStatus.Success)
            {
                outcome = part.Compute(atoms, buffers);
            }
        }

        return outcome;
    }

    private ref readonly StagedPart At(int stage)
    {
        var n = 0;
        while (n + 1 < _staged.Length && _staged[n + 1].FirstStage <= stage)
        {
            n++;
        }

        return ref _staged[n];
    }
}
