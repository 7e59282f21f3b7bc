using System.Buffers;
using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials;

/// <summary>
/// Runs a staged potential. Between two stages ghosts get the values of their owners: from the host where it offers an
/// exchange, by <see cref="NeighborView.Owners"/> where these are known; a view whose atoms are all centers needs neither.
/// </summary>
public static unsafe class StagedEvaluation
{
    /// <summary>Runs all stages in this thread.</summary>
    /// <param name="potential">What to compute.</param>
    /// <param name="atoms">The atoms.</param>
    /// <param name="buffers">Added to.</param>
    /// <param name="values">Work memory, <c>double[AtomCount·ValueWidth]</c>; set to zero here where the potential wants that.</param>
    /// <param name="exchange">The host's, or null. It is called after every stage but the last, also where there are no atoms.</param>
    /// <returns>How it ended; the first failure ends the computation.</returns>
    public static EvaluationOutcome Run(IStagedPotential potential, in NeighborView atoms, in EvaluationBuffers buffers, double* values, IGhostExchange? exchange)
    {
        Clear(potential, atoms, values);
        for (var stage = 0; stage < potential.StageCount; stage++)
        {
            var outcome = stage == 0 ? EvaluationOutcome.Success : Forward(potential, stage - 1, atoms, values, exchange);
            outcome = outcome.Status == EvaluationStatus.Success ? potential.ComputeStage(stage, atoms, buffers, values) : outcome;
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <summary>Sets the values to zero where the first stage wants that.</summary>
    public static void Clear(IStagedPotential potential, in NeighborView atoms, double* values)
    {
        ArgumentNullException.ThrowIfNull(potential);
        if (potential.StartsFromZero)
        {
            NativeMemory.Clear(values, (nuint)atoms.AtomCount * (nuint)potential.ValueWidth * sizeof(double));
        }
    }

    /// <summary>Gives ghosts the values of their owners, between two stages.</summary>
    /// <param name="potential">What is computed.</param>
    /// <param name="stage">The stage that has run.</param>
    /// <param name="atoms">The atoms.</param>
    /// <param name="values">What they keep.</param>
    /// <param name="exchange">The host's, or null.</param>
    /// <returns>Success, <see cref="EvaluationStatus.ExchangeFailed"/> or <see cref="EvaluationStatus.GhostValuesUnknown"/>.</returns>
    public static EvaluationOutcome Forward(IStagedPotential potential, int stage, in NeighborView atoms, double* values, IGhostExchange? exchange)
    {
        ArgumentNullException.ThrowIfNull(potential);
        var (first, width) = potential.ExchangedAfter(stage);
        if (width == 0)
        {
            return EvaluationOutcome.Success;
        }

        values += (long)first * atoms.AtomCount;
        if (exchange is not null)
        {
            return new EvaluationOutcome(exchange.Forward(values, width) ? EvaluationStatus.Success : EvaluationStatus.ExchangeFailed);
        }

        if (atoms.Owners is null)
        {
            return new EvaluationOutcome(HasGhosts(atoms) ? EvaluationStatus.GhostValuesUnknown : EvaluationStatus.Success);
        }

        for (var i = 0; i < atoms.AtomCount && !potential.FollowsOwners; i++)
        {
            var owner = atoms.Owners[i];
            if (owner != i)
            {
                new Span<double>(values + (long)owner * width, width).CopyTo(new Span<double>(values + (long)i * width, width));
            }
        }

        return EvaluationOutcome.Success;
    }

    // Atoms that the potential acts on and that are no centers. Centers may come twice: as many of the one as of the other proves nothing.
    private static bool HasGhosts(in NeighborView atoms)
    {
        var marks = ArrayPool<bool>.Shared.Rent(atoms.AtomCount);
        try
        {
            marks.AsSpan(0, atoms.AtomCount).Clear();
            for (var place = 0; place < atoms.CenterCount; place++)
            {
                marks[atoms.Centers is null ? place : atoms.Centers[place]] = true;
            }

            for (var i = 0; i < atoms.AtomCount; i++)
            {
                if (!marks[i] && ActsOn(atoms, i))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(marks);
        }
    }

    private static bool ActsOn(in NeighborView atoms, int atom) => atoms.SpeciesOfType is null || atoms.SpeciesOfType[atoms.Types[atom]] >= 0;
}
