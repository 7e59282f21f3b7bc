using System.Collections.Concurrent;

namespace MofInterop.Potentials;

/// <summary>Work memory for as many computations as run at once: each takes an engine and gives it back. The first is made at once, so that a model that cannot be prepared fails early.</summary>
internal sealed class EnginePool<TEngine> : IDisposable
    where TEngine : class, IDisposable
{
    // A bag gives a thread the engine that it used last, whose memory is in its cache.
    private readonly ConcurrentBag<TEngine> _engines = [];
    private readonly Func<TEngine> _make;

    /// <summary>Makes the first engine.</summary>
    public EnginePool(Func<TEngine> make)
    {
        _make = make;
        _engines.Add(make());
    }

    /// <summary>An engine that no one else has.</summary>
    public TEngine Take() => _engines.TryTake(out var pooled) ? pooled : _make();

    /// <summary>Gives it back.</summary>
    public void Return(TEngine engine) => _engines.Add(engine);

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Disposes the engines that were given back; others are made when they are asked for.</summary>
    public void Clear()
    {
        while (_engines.TryTake(out var engine))
        {
            engine.Dispose();
        }
    }
}
