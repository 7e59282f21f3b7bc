using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MofInterop.Execution;

namespace MofInterop.Slurm;

/// <summary>How a task's command ended, as its script wrote it.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Elapsed">Wall time of the command.</param>
/// <param name="Attempt">Folder that it ran in, below the task's.</param>
/// <param name="Job">The task's id in Slurm.</param>
/// <param name="Node">Where it ran.</param>
internal sealed record TaskEnding(int Code, TimeSpan Elapsed, string Attempt, string Job, string Node);

/// <summary>Which submission a task belongs to.</summary>
/// <param name="Array">Name of the array's folder, which is the job's name in Slurm.</param>
/// <param name="Index">Index in the array.</param>
/// <param name="Count">How often it was submitted.</param>
internal sealed record TaskSubmission(string Array, int Index, int Count);

/// <summary>
/// One command in the run's <c>jobs</c> folder, named by a hash of all that its result depends on: it outlives the process that submits it, and the
/// next process finds it again by asking for the same command.
/// </summary>
internal sealed class TaskFolder
{
    public const string InputFolder = "input";
    public const string EndedFile = "ended";
    public const string SubmissionFile = "submission";
    public const string ScriptFile = "run.sh";
    public const string StandardInputFile = "stdin";

    private TaskFolder(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>A hash of a command's words, its folder's files and the files that it reads.</summary>
    public static string Key(ToolCommand command)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        void AddFile(string name, string path)
        {
            Add(name);
            using var stream = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(stream));
        }

        Add(command.Name);
        Add(command.Program);
        Add(string.Create(CultureInfo.InvariantCulture, $"{command.Arguments.Length} {command.Cores} {command.StandardInput?.Length}"));
        Add(command.StandardInput ?? string.Empty);
        foreach (var word in command.Arguments.Concat(command.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")))
        {
            Add(word);
        }

        foreach (var file in FilesOf(command.WorkingDirectory))
        {
            AddFile(file, System.IO.Path.Combine(command.WorkingDirectory, file));
        }

        foreach (var file in command.ReadsFiles)
        {
            AddFile(file, file);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>The folder of this name, with the command's input; what is there already is kept.</summary>
    public static TaskFolder Open(string jobs, string name, ToolCommand command)
    {
        var folder = new TaskFolder(System.IO.Path.Combine(jobs, name));
        if (Directory.Exists(folder.Path))
        {
            return folder;
        }

        // In one rename: a kill leaves no folder with half of the input.
        var temporary = folder.Path + ".new";
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        Directory.CreateDirectory(System.IO.Path.Combine(temporary, InputFolder));
        foreach (var file in FilesOf(command.WorkingDirectory))
        {
            var target = System.IO.Path.Combine(temporary, InputFolder, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(System.IO.Path.Combine(command.WorkingDirectory, file), target);
        }

        if (command.StandardInput is { } text)
        {
            File.WriteAllText(System.IO.Path.Combine(temporary, StandardInputFile), text);
        }

        Directory.Move(temporary, folder.Path);
        return folder;
    }

    /// <summary>How the command ended, or null; looks into the folder itself, because file servers remember that a file was absent.</summary>
    public TaskEnding? ReadEnding() => Directory.EnumerateFiles(Path, EndedFile).Any() ? ReadEnding(EndedFile) : null;

    /// <summary>How the newest attempt ended that SIGTERM reached, or null; no result unless Slurm says that it did not end the job.</summary>
    public TaskEnding? ReadTermination() => Directory.EnumerateFiles(Path, "attempt-*.ended").Order(StringComparer.Ordinal).LastOrDefault() is { } file
        ? ReadEnding(System.IO.Path.GetFileName(file))
        : null;

    private TaskEnding? ReadEnding(string file)
    {
        var lines = Lines(file);
        return lines.Count < 5
            ? null
            : new TaskEnding(
                int.Parse(lines["code"], CultureInfo.InvariantCulture),
                TimeSpan.FromMilliseconds(long.Parse(lines["milliseconds"], CultureInfo.InvariantCulture)),
                lines["attempt"], lines["job"], lines["node"]);
    }

    /// <summary>The submission that the task belongs to, or null.</summary>
    public TaskSubmission? ReadSubmission()
    {
        var lines = Lines(SubmissionFile);
        return lines.Count < 3
            ? null
            : new TaskSubmission(lines["array"], int.Parse(lines["index"], CultureInfo.InvariantCulture), int.Parse(lines["count"], CultureInfo.InvariantCulture));
    }

    /// <summary>Makes the task part of a submission; what earlier ones start from now on does nothing.</summary>
    public void WriteSubmission(TaskSubmission submission, string script)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, ScriptFile), script);
        var file = System.IO.Path.Combine(Path, SubmissionFile);
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"array {submission.Array}\nindex {submission.Index}\ncount {submission.Count}\n"));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>How often Slurm started the command.</summary>
    public int Attempts => Directory.EnumerateDirectories(Path, "attempt-*").Count();

    /// <summary>Puts what the command wrote or changed into the folder of who asked for it.</summary>
    /// <param name="attempt">The attempt's folder; null: the newest, as far as it came.</param>
    /// <param name="folder">Where to.</param>
    public void Deliver(string? attempt, string folder)
    {
        attempt = attempt is not null
            ? System.IO.Path.Combine(Path, attempt)
            : Directory.EnumerateDirectories(Path, "attempt-*").OrderBy(Directory.GetCreationTimeUtc).LastOrDefault();
        if (attempt is null)
        {
            return;
        }

        foreach (var file in FilesOf(attempt))
        {
            var source = System.IO.Path.Combine(attempt, file);
            if (!Same(source, System.IO.Path.Combine(Path, InputFolder, file)))
            {
                var target = System.IO.Path.Combine(folder, file);
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                FileLinks.LinkOrCopy(source, target);
            }
        }
    }

    /// <summary>Forgets the task with all results: from now on the folder is not there. What cannot be removed (a file server keeps what is still open) stays under another name.</summary>
    public void Delete()
    {
        if (!Directory.Exists(Path))
        {
            return;
        }

        var trash = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, ".gone-" + Guid.NewGuid().ToString("N"));
        Directory.Move(Path, trash);
        Remove(trash);
    }

    /// <summary>Removes a folder as far as that is possible.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // A cancelled job is still about to end; the folder goes with the others when the work is done.
        }
    }

    private static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    private static bool Same(string left, string right)
    {
        if (!File.Exists(right) || new FileInfo(left).Length != new FileInfo(right).Length)
        {
            return false;
        }

        return File.ReadAllBytes(left).AsSpan().SequenceEqual(File.ReadAllBytes(right));
    }

    private Dictionary<string, string> Lines(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        return File.Exists(file)
            ? File.ReadLines(file).Select(line => line.Split(' ', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1])
            : [];
    }
}
