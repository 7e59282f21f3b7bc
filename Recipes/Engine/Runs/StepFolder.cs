using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// The folder of one step in a run: <c>step.json</c> (what it depends on), <c>inputs/</c> (copies of the recipe's files),
/// <c>units/</c> (finished pieces of work), <c>outputs/</c> (there when the step is finished), <c>step.log</c>.
/// </summary>
internal sealed class StepFolder(string runFolder, string name)
{
    public string Path { get; } = System.IO.Path.Combine(runFolder, "steps", name);

    public string Units => System.IO.Path.Combine(Path, "units");

    public string Outputs => System.IO.Path.Combine(Path, "outputs");

    public string Log => System.IO.Path.Combine(Path, "step.log");

    private string Partial => System.IO.Path.Combine(Path, ".partial");

    private string IdentityFile => System.IO.Path.Combine(Path, "step.json");

    /// <summary>The record of the finished step, or null.</summary>
    public StepRecord? ReadRecord() => StepRecord.Read(Outputs);

    /// <summary>What the step depended on when it was started last, or null when it never was.</summary>
    public JsonObject? ReadIdentity() => ReadableJson.TryRead(IdentityFile)?["depends_on"]?.AsObject();

    public void WriteIdentity(StepIdentity identity)
    {
        DurableFiles.CreateFolder(Path);
        var json = new JsonObject { ["fingerprint"] = identity.Fingerprint, ["depends_on"] = identity.Content.DeepClone() };
        DurableFiles.WriteAllText(IdentityFile, json.ToJsonString(ReadableJson.Options));
    }

    /// <summary>Keeps a copy of the files that the recipe names, as they are now.</summary>
    public void CopyInputs(IEnumerable<string> files)
    {
        var folder = System.IO.Path.Combine(Path, "inputs");
        foreach (var file in files)
        {
            DurableFiles.CreateFolder(folder);
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>An empty folder that will become <see cref="Outputs"/>.</summary>
    public string CreatePartialOutputs()
    {
        DurableFiles.RemoveFolder(Partial);
        var folder = System.IO.Path.Combine(Partial, "outputs");
        DurableFiles.CreateFolder(folder);
        return folder;
    }

    /// <summary>Takes outputs out of the way that the step makes anew: half a record after a power failure, or results that lack what is tried again.</summary>
    /// <returns>Where they went; null when there are none.</returns>
    public string? PutOutputsAside()
    {
        if (!Directory.Exists(Outputs))
        {
            return null;
        }

        var target = Enumerable.Range(1, int.MaxValue).Select(number => $"{Outputs}.old-{number}").First(candidate => !Directory.Exists(candidate));
        Directory.Move(Outputs, target);
        return target;
    }

    /// <summary>Finishes the step.</summary>
    public void MoveOutputsIntoPlace(StepRecord record)
    {
        var partial = System.IO.Path.Combine(Partial, "outputs");
        record.Write(partial);
        DurableFiles.MoveFolderIntoPlace(partial, Outputs);
        DurableFiles.RemoveFolder(Partial);
    }

    /// <summary>Puts the whole folder aside, into <c>superseded/</c>.</summary>
    /// <returns>Where it went.</returns>
    public string Supersede()
    {
        var parent = System.IO.Path.Combine(runFolder, "superseded");
        DurableFiles.CreateFolder(parent);
        for (var number = 1; number < 100_000; number++)
        {
            var target = System.IO.Path.Combine(parent, $"{name}-{number}");
            if (!Directory.Exists(target))
            {
                DurableFiles.BeforeEachOperation?.Invoke($"supersede {Path}");
                Directory.Move(Path, target);
                return target;
            }
        }

        throw new MofException(ErrorKind.Internal, "too many superseded results", parent, remedy: "Remove those that are no longer needed.");
    }
}
