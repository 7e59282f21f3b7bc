namespace MofInterop.CAbi;

/// <summary>
/// How the centers of a computation are cut into shares: large ones first, so that vector kernels find groups of atoms that
/// are alike and little is added up, then ever smaller ones, so that no thread waits long for the last.
/// </summary>
internal static class ShareSizes
{
    /// <summary>Fewer atoms than this are not worth a thread, nor a share.</summary>
    private const int Minimum = 16;

    /// <summary>Atoms in the groups of the widest vector kernel: a share of whole groups leaves no lane empty.</summary>
    private const int Group = 8;

    /// <summary>The last share of a thread is not less than this part of its atoms.</summary>
    private const int SmallestPart = 32;

    /// <summary>How many of the threads allowed are worth having.</summary>
    public static int Threads(int allowed, int centers) => Math.Max(1, Math.Min(allowed, centers / Minimum));

    /// <summary>Replaces <paramref name="sizes"/> by those of the shares for at least two threads; they depend on the arguments only.</summary>
    /// <param name="centers">Atoms to share.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="smallest">See <see cref="Potentials.IPotential.SmallestShare"/>.</param>
    /// <param name="sizes">Filled.</param>
    public static void Cut(int centers, int threads, int smallest, List<int> sizes)
    {
        sizes.Clear();
        if (smallest > 0)
        {
            CutEqually(centers, threads * Math.Max(1, centers / (smallest * threads)), sizes);
            return;
        }

        var least = Math.Max(Minimum, centers / (SmallestPart * threads) / Group * Group);
        for (var left = centers; left > 0;)
        {
            // Two thirds of what is left for all threads together.
            var share = Math.Max(least, 2 * (left / (3 * threads)) / Group * Group);
            for (var thread = 0; thread < threads && left > 0; thread++)
            {
                sizes.Add(Math.Min(share, left));
                left -= sizes[^1];
            }
        }
    }

    // In whole groups, as many in each as there can be.
    private static void CutEqually(int centers, int shares, List<int> sizes)
    {
        var groups = (centers + Group - 1) / Group;
        for (int share = 0, first = 0; share < shares; share++)
        {
            var end = Math.Min(centers, (int)((groups * (long)(share + 1) + shares - 1) / shares) * Group);
            sizes.Add(end - first);
            first = end;
        }
    }
}
