using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;
using MofInterop.TestKit;

namespace MofInterop.Engine.Tests;

/// <summary>A real file system without room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly SmallDisk? _disk = SmallDisk.TryMount(2);

    public void Dispose()
    {
        _disk?.Dispose();
        _scratch.Dispose();
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(80)]
    [InlineData(112)]
    public async Task A_run_stops_with_what_is_full_and_goes_on_when_there_is_room(int kilobytesLeft)
    {
        Skip.If(_disk is null, "mounting is not permitted here");
        var folder = Path.Combine(_disk.Folder, "run");
        var ballast = _disk.Fill(kilobytesLeft * 1024);

        var stopped = await Should.ThrowAsync<MofException>(() => Run(folder));

        stopped.Message.ShouldContain("the disk is full: " + _disk.Folder);
        stopped.Message.ShouldContain(" left of 2.0 MB");
        stopped.Message.ShouldContain("Make room for at least ");
        stopped.Message.ShouldContain("give the same command");
        stopped.Message.ShouldNotContain("another mofinterop");
        stopped.Message.ShouldNotContain("defect");
        var journal = Path.Combine(folder, "journal.jsonl");
        Journal.Read(journal).Count.ShouldBe(File.Exists(journal) ? File.ReadAllLines(journal).Length : 0, "no half line");
        var finished = Journal.Read(journal).Where(entry => entry.Event == "unit-finished").Select(entry => entry.Data["unit"]!.GetValue<string>()).ToList();

        File.Delete(ballast);
        await Run(folder);

        var all = Journal.Read(journal).Where(entry => entry.Event == "unit-finished").Select(entry => entry.Data["unit"]!.GetValue<string>()).ToList();
        all.Take(finished.Count).ShouldBe(finished);
        all.ShouldBeUnique();
        await Run(_scratch["undisturbed"]);
        (await File.ReadAllTextAsync(Path.Combine(folder, "steps/learn/outputs/model.txt"))).ShouldBe(await File.ReadAllTextAsync(_scratch["undisturbed/steps/learn/outputs/model.txt"]));
    }

    [SkippableFact]
    public void A_line_that_did_not_fit_into_the_journal_does_not_hide_the_next()
    {
        Skip.If(_disk is null, "mounting is not permitted here");
        var path = Path.Combine(_disk.Folder, "journal.jsonl");
        using (var journal = Journal.Open(path))
        {
            journal.Append("first", null);
            var ballast = _disk.Fill(4096);
            var refused = Should.Throw<IOException>(() => journal.Append("large", null, new JsonObject { ["text"] = new string('x', 20000) }));
            FullDisk.IsCause(refused).ShouldBeTrue();
            journal.TryAppend("large", null, new JsonObject { ["text"] = new string('x', 20000) });
            File.Delete(ballast);
            journal.Append("last", null);
        }

        Journal.Read(path).Select(entry => entry.Event).ShouldBe(["first", "last"]);
    }

    [Theory]
    [InlineData("fwrite: No space left on device", true)]
    [InlineData("OSError: [Errno 122] Disk quota exceeded: 'x'", true)]
    [InlineData("`cp2k` was killed by signal 25 after 3.0 s", true)]
    [InlineData("`cp2k` was killed by signal 9 after 3.0 s", false)]
    [InlineData("SCF run NOT converged", false)]
    public void What_a_program_says_of_a_full_disk_is_understood(string text, bool full) => FullDisk.IsToldBy(text).ShouldBe(full, text);

    private Task<RunOutcome> Run(string folder) =>
        RunEngine.RunAsync(_scratch.Recipe(Scratch.Toy), folder, new RunSettings { Progress = new RecordingSink(), Cores = 2 });
}
