using MofInterop.Execution;

namespace MofInterop.Slurm;

/// <summary>A command that somebody waits for.</summary>
internal sealed class TrackedTask(TaskFolder folder, ToolCommand command)
{
    public TaskFolder Folder { get; } = folder;

    public ToolCommand Command { get; } = command;

    /// <summary>What it belongs to; null: to be submitted.</summary>
    public TaskSubmission? Submission { get; set; }

    /// <summary>Its id in Slurm, once known.</summary>
    public TaskId? Id { get; set; }

    /// <summary>It was submitted by an earlier process.</summary>
    public bool Adopted { get; set; }

    /// <summary>Nobody waits any more.</summary>
    public bool Abandoned { get; set; }

    /// <summary>Its result has been handed over.</summary>
    public bool Consumed { get; set; }

    /// <summary>When Slurm was first seen to have ended or forgotten it while no result was there.</summary>
    public DateTime? MissedSince { get; set; }

    /// <summary>How often somebody has cancelled it.</summary>
    public int Cancellations { get; set; }

    public TaskCompletionSource<ToolResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string OutputFile => Path.Combine(Command.WorkingDirectory, Command.Name + ".out");

    public string ErrorFile => Path.Combine(Command.WorkingDirectory, Command.Name + ".err");
}
