using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Tells the run how many configurations a fit has accumulated.</summary>
internal sealed class FitProgress(WorkProgress progress) : IProgress<int>
{
    public void Report(int value) => progress.Report(value);
}
