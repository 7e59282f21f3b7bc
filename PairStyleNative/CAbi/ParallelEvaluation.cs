using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>
/// Splits the centers of one computation into shares, some for each thread that is allowed, each with results of its own, which are
/// added up in order: the answer depends on the number of threads allowed, not on which of them came.
/// </summary>
internal static class ParallelEvaluation
{
    /// <summary>Adds to the buffers, as <see cref="IPotential.Compute"/>.</summary>
    /// <param name="entry">What to compute, with how many threads.</param>
    /// <param name="workspace">Work memory.</param>
    /// <param name="atoms">The atoms.</param>
    /// <param name="buffers">Added to.</param>
    /// <param name="exchange">How a staged potential gets the values of ghosts; null: see <see cref="StagedEvaluation"/>.</param>
    /// <param name="listsAreChecked">Whether the lists are known to name atoms; otherwise it is looked at before they are used.</param>
    public static unsafe EvaluationOutcome Compute(
        PotentialEntry entry, Workspace workspace, in NeighborView atoms, in EvaluationBuffers buffers, IGhostExchange? exchange, bool listsAreChecked)
    {
        var threads = ShareSizes.Threads(entry.Threads, atoms.CenterCount);
        if (threads > 1)
        {
            workspace.Job.Prepare(entry.Potential, threads, atoms, buffers, listsAreChecked);
        }
        else if (!listsAreChecked)
        {
            NeighborCheck.Lists(atoms);
        }

        if (entry.Potential is not IStagedPotential staged)
        {
            return threads > 1 ? workspace.Job.Run() : entry.Potential.Compute(atoms, buffers);
        }

        var values = Reserve(workspace, atoms.AtomCount, staged.ValueWidth);
        return threads > 1
            ? workspace.Job.Run(staged, atoms, values, exchange)
            : StagedEvaluation.Run(staged, atoms, buffers, values, exchange);
    }

    private static unsafe double* Reserve(Workspace workspace, int atomCount, int width)
    {
        try
        {
            return workspace.Values.Reserve((long)atomCount * width + 1);
        }
        catch (OutOfMemoryException e)
        {
            throw new MofException(
                ErrorKind.Internal, $"there is no memory for {width} numbers of each of {atomCount} atoms and images", remedy: "Look at the cell: one much smaller than the cutoff has many images.", inner: e);
        }
    }
}
