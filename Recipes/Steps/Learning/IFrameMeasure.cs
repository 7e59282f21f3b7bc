using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>How new a frame is to the potential of a generation, as one number. Not thread-safe: one for each thread.</summary>
internal interface IFrameMeasure : IDisposable
{
    /// <summary>Larger is newer; a frame joins above a threshold.</summary>
    double Of(AtomicConfiguration frame);
}
