using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials;

/// <summary>Some of what atoms keep from stage to stage: <c>double[AtomCount][Width]</c>, <c>First·AtomCount</c> doubles from the beginning of the values.</summary>
/// <param name="First">Doubles of an atom before it.</param>
/// <param name="Width">Doubles of an atom.</param>
public readonly record struct GhostBlock(int First, int Width);

/// <summary>
/// A potential whose atoms need what other atoms found first, such as coordination numbers: it runs in stages, and
/// between two stages the values of ghosts are set to those of the atoms they are images of.
/// </summary>
public unsafe interface IStagedPotential : IPotential
{
    /// <summary>Number of stages, at least 1.</summary>
    int StageCount { get; }

    /// <summary>Numbers that every atom keeps from stage to stage.</summary>
    int ValueWidth { get; }

    /// <summary>Whether values must be zero before the first stage; otherwise a stage reads nothing that no earlier one wrote.</summary>
    bool StartsFromZero => true;

    /// <summary>Whether it reads rows of owners in place of those of ghosts where <see cref="NeighborView.Owners"/> tells them: then nothing need be copied.</summary>
    bool FollowsOwners => false;

    /// <summary>The values that ghosts need after a stage that is not the last; none where its width is 0. They are copied, never computed with: a row may hold single-precision numbers in pairs.</summary>
    GhostBlock ExchangedAfter(int stage) => new(0, ValueWidth);

    /// <summary>Runs one stage for the centers, as <see cref="IPotential.Compute"/>.</summary>
    /// <param name="stage">0 … <see cref="StageCount"/> − 1, each after the one before has run for all centers of all hosts.</param>
    /// <param name="atoms">The atoms; the same at every stage.</param>
    /// <param name="buffers">Added to; the same at every stage.</param>
    /// <param name="values">
    /// <c>double[AtomCount·ValueWidth]</c>, in blocks that are <c>[AtomCount][…]</c> each; a stage writes rows of its centers, and reads any
    /// that an earlier stage wrote.
    /// </param>
    EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values);
}

/// <summary>A potential that can compute in mixed precision.</summary>
public interface IMixedPrecision
{
    /// <summary>Whether it does; false at first. To be set while nothing is computed.</summary>
    bool MixedPrecision { get; set; }
}

/// <summary>Gives ghosts the values of the atoms they are images of.</summary>
public unsafe interface IGhostExchange
{
    /// <summary>Sets the rows of ghosts in <c>double[AtomCount][width]</c>. Never throws.</summary>
    /// <returns>Whether that worked; if not, the computation ends.</returns>
    bool Forward(double* values, int width);
}
