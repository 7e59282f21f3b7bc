using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>A CP2K process for every calculation, always from scratch.</summary>
internal sealed class OneShotEvaluator(Cp2kSettings settings, IToolRunner runner) : IEvaluator
{
    public bool HasWavefunction(AtomicConfiguration configuration, Cp2kMethod method) => false;

    public async Task<Evaluation> EvaluateAsync(AtomicConfiguration configuration, Cp2kMethod method, string workingDirectory, CancellationToken cancellation)
    {
        var output = Path.Combine(workingDirectory, LabelFiles.Output);

        // CP2K appends to an output file that is there already.
        File.Delete(output);
        var command = Cp2kTool.RunCommand(settings, workingDirectory, LabelFiles.Input, LabelFiles.Output);
        var result = await runner.RunAsync(command, cancellation: cancellation).ConfigureAwait(false);
        if (result.TimedOut)
        {
            return Evaluation.OutOfTime(settings.TimeLimit);
        }

        var lines = File.Exists(output) ? File.ReadAllLines(output) : [];
        if (!result.Succeeded)
        {
            return Evaluation.Failed(Cp2kOutput.AbortMessage(lines) ?? ToolFailure.From(result).Message);
        }

        var scf = Cp2kOutput.Scf(lines);
        try
        {
            return Evaluation.Of(Cp2kOutput.Read(output, configuration.Count), scf.Steps);
        }
        catch (MofException problem)
        {
            return Evaluation.Failed(problem.Message, scf.Steps);
        }
    }

    public Task ForgetAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
