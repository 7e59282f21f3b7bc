using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// The bispectra of many configurations, computed on several threads and visited by the caller's alone, in the order of the
/// configurations: what a visitor sums has the same bits for any number of threads.
/// </summary>
/// <param name="model">The descriptor; its coefficients are not used.</param>
/// <param name="threads">At least 1.</param>
internal sealed class EnvironmentPass(SnapModel model, int threads) : IDisposable
{
    /// <summary>Configurations in memory at a time: some 3 MB for 424 atoms.</summary>
    private const int BatchSize = 16;

    private readonly ConcurrentBag<SnapEnvironments> _environments = [];

    /// <summary>Visits all atoms.</summary>
    /// <exception cref="Potentials.Errors.MofException">See <see cref="SnapEnvironments.Visit"/>.</exception>
    public void Visit(IReadOnlyList<AtomicConfiguration> configurations, EnvironmentVisitor visitor, CancellationToken cancellation)
    {
        for (var start = 0; start < configurations.Count; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (species, bispectra) in Compute([.. configurations.Skip(start).Take(BatchSize)]))
            {
                for (var i = 0; i < species.Count; i++)
                {
                    visitor(species[i], CollectionsMarshal.AsSpan(bispectra).Slice(i * model.BispectrumCount, model.BispectrumCount));
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var environments in _environments)
        {
            environments.Dispose();
        }
    }

    private (List<int> Species, List<double> Bispectra)[] Compute(AtomicConfiguration[] batch)
    {
        var results = new (List<int>, List<double>)[batch.Length];
        try
        {
            Parallel.For(0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, k => results[k] = Compute(batch[k]));
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }

        return results;
    }

    private (List<int> Species, List<double> Bispectra) Compute(AtomicConfiguration configuration)
    {
        var environments = _environments.TryTake(out var free) ? free : new SnapEnvironments(model);
        try
        {
            var species = new List<int>(configuration.Count);
            var bispectra = new List<double>(configuration.Count * model.BispectrumCount);
            environments.Visit(configuration, (one, bispectrum) =>
            {
                species.Add(one);
                bispectra.AddRange(bispectrum);
            });
            return (species, bispectra);
        }
        finally
        {
            _environments.Add(environments);
        }
    }
}
