namespace MofInterop.Engine.Tests;

public sealed class UnitStoreTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Journal _journal;

    public UnitStoreTests() => _journal = Journal.Open(_scratch["journal.jsonl"]);

    public void Dispose()
    {
        _journal.Dispose();
        _scratch.Dispose();
    }

    private UnitStore Open() => new(_scratch["units"], _journal);

    private static Func<string, CancellationToken, Task> Writing(string text, Action? before = null) => (folder, _) =>
    {
        before?.Invoke();
        return File.WriteAllTextAsync(Path.Combine(folder, "result.txt"), text, CancellationToken.None);
    };

    [Fact]
    public async Task Work_is_done_once_also_over_processes()
    {
        var folder = await Open().OnceAsync("step", "gen1/md/3", "f", Writing("a"), default);
        folder.ShouldBe(_scratch["units/gen1/md/3"]);
        var again = await Open().OnceAsync("step", "gen1/md/3", "f", (_, _) => throw new InvalidOperationException("done twice"), default);
        (await File.ReadAllTextAsync(Path.Combine(again, "result.txt"))).ShouldBe("a");
    }

    [Fact]
    public async Task Another_fingerprint_does_the_work_again()
    {
        await Open().OnceAsync("step", "fit", "old", Writing("a"), default);
        Open().Has("fit", "new").ShouldBeFalse();
        var folder = await Open().OnceAsync("step", "fit", "new", Writing("b"), default);
        (await File.ReadAllTextAsync(Path.Combine(folder, "result.txt"))).ShouldBe("b");
        Open().Has("fit", "new").ShouldBeTrue();
    }

    [Fact]
    public async Task Simultaneous_requests_for_one_unit_share_the_work()
    {
        var store = Open();
        var calls = 0;
        async Task Work(string folder, CancellationToken cancellation)
        {
            Interlocked.Increment(ref calls);
            await Task.Delay(50, cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder, "result.txt"), "a", cancellation);
        }

        var folders = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => store.OnceAsync("step", "one", "f", Work, default))));
        calls.ShouldBe(1);
        folders.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_unit_that_was_copied_in_while_it_was_computed_is_kept()
    {
        await new UnitStore(_scratch["elsewhere"], _journal).OnceAsync("step", "label", "f", Writing("copied"), default);
        var folder = await Open().OnceAsync("step", "label", "f", Writing("computed", () => Copy(_scratch["elsewhere/label"], _scratch["units/label"])), default);
        (await File.ReadAllTextAsync(Path.Combine(folder, "result.txt"))).ShouldBe("copied");
        Directory.EnumerateFileSystemEntries(_scratch["units/.partial"]).ShouldBeEmpty();

        static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.EnumerateFiles(from))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }
    }

    [Fact]
    public async Task Many_units_run_at_the_same_time()
    {
        var store = Open();
        var folders = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(() =>
            store.OnceAsync("step", $"md/{index}", "f", Writing($"{index}"), default))));
        for (var index = 0; index < folders.Length; index++)
        {
            (await File.ReadAllTextAsync(Path.Combine(folders[index], "result.txt"))).ShouldBe($"{index}");
        }

        Journal.Read(_scratch["journal.jsonl"]).Count(entry => entry.Event == "unit-finished").ShouldBe(40);
    }

    [Fact]
    public async Task A_failure_leaves_its_folder_to_look_at_until_the_next_start_and_can_be_tried_again()
    {
        var store = Open();
        var folder = string.Empty;
        await Should.ThrowAsync<InvalidOperationException>(() => store.OnceAsync("step", "label", "f", (temporary, _) =>
        {
            folder = temporary;
            File.WriteAllText(Path.Combine(temporary, "why.txt"), "because");
            throw new InvalidOperationException("no convergence");
        }, default));
        File.Exists(Path.Combine(folder, "why.txt")).ShouldBeTrue();
        var entry = Journal.Read(_scratch["journal.jsonl"]).Single(entry => entry.Event == "unit-failed");
        entry.Data["reason"]!.GetValue<string>().ShouldBe("no convergence");
        entry.Data["folder"]!.GetValue<string>().ShouldBe(folder);

        await store.OnceAsync("step", "label", "f", Writing("a"), default);
        Open();
        Directory.Exists(folder).ShouldBeFalse();
        Open().Has("label", "f").ShouldBeTrue();
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/absolute")]
    [InlineData(".hidden")]
    [InlineData("a//b")]
    public async Task Paths_that_leave_the_folder_are_refused(string path) =>
        (await Should.ThrowAsync<MofInterop.Potentials.Errors.MofException>(async () => await Open().OnceAsync("step", path, "f", Writing("a"), default)))
            .Message.ShouldContain("cannot be the path of a unit of work");

    [Fact]
    public async Task A_folder_of_units_cannot_be_a_unit()
    {
        await Open().OnceAsync("step", "gen1/md", "f", Writing("a"), default);
        (await Should.ThrowAsync<MofInterop.Potentials.Errors.MofException>(() => Open().OnceAsync("step", "gen1", "f", Writing("a"), default)))
            .Message.ShouldContain("holds other units of work");
    }
}
