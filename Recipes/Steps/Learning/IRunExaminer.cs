namespace MofInterop.Steps;

/// <summary>
/// Finds in each run of a generation the frame that joins, in two parts: what takes time says nothing of other runs, so that it need not wait for them;
/// what depends on them is short and made in the order of the runs.
/// </summary>
internal interface IRunExaminer : IDisposable
{
    /// <summary>Looks at the frames of a run. May be called on any thread, in any order, for several runs at a time.</summary>
    /// <returns>The decision; to be called once, after those of all runs with a smaller index. Null from it: no frame of the run joins.</returns>
    Func<Choice?> Examine(int run, FrameArchive frames);
}
