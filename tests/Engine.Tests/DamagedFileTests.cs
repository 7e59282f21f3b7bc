namespace MofInterop.Engine.Tests;

/// <summary>Files of a run folder that a power failure left cut or empty.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public DamagedFileTests() => _scratch.Write("toy.yaml", Scratch.Toy);

    public void Dispose() => _scratch.Dispose();

    private async Task<RecordingSink> Run()
    {
        var sink = new RecordingSink();
        await RunEngine.RunAsync(_scratch.Recipe(Scratch.Toy), _scratch["run"], new RunSettings { Progress = sink, Cores = 2 });
        return sink;
    }

    private IEnumerable<string> Units => Directory.EnumerateFiles(_scratch["run"], UnitRecord.FileName, SearchOption.AllDirectories).Where(file => !file.Contains("/.", StringComparison.Ordinal));

    private IReadOnlyList<string> Finished => [.. Journal.Read(_scratch["run/journal.jsonl"]).Where(entry => entry.Event == "unit-finished").Select(entry => entry.Data["unit"]!.GetValue<string>())];

    private void Unfinish() => Directory.Delete(_scratch["run/steps/learn/outputs"], recursive: true);

    [Theory]
    [InlineData("unit.json", 20, "unit.json is cut or damaged (20 bytes)")]
    [InlineData("unit.json", 0, "unit.json is cut or damaged (0 bytes)")]
    [InlineData("frame.txt", 3, "frame.txt has 3 bytes and had ")]
    public async Task A_unit_that_lost_a_part_is_put_aside_and_done_again_alone(string file, int left, string said)
    {
        await Run();
        var model = await File.ReadAllTextAsync(_scratch["run/steps/learn/outputs/model.txt"]);
        Unfinish();
        var damaged = _scratch["run/steps/learn/units/gen2/md/1"];
        Cut(Path.Combine(damaged, file), left);
        var before = Finished.Count;

        var sink = await Run();

        Finished.Skip(before).ShouldBe(["units/gen2/md/1"]);
        sink.Messages.ShouldContain(message => message.Contains("units/gen2/md/1 is damaged and is done again: " + said, StringComparison.Ordinal));
        Directory.Exists(_scratch["run/steps/learn/units/.damaged/gen2+md+1-1"]).ShouldBeTrue();
        (await File.ReadAllTextAsync(_scratch["run/steps/learn/outputs/model.txt"])).ShouldBe(model);
    }

    [Fact]
    public async Task Every_label_that_was_cut_is_made_again_and_no_other()
    {
        await Run();
        Unfinish();
        var labels = Directory.EnumerateFiles(_scratch["run/cache/labels"], "label.txt", SearchOption.AllDirectories).Order().Take(2).ToArray();
        Array.ForEach(labels, label => Cut(label, 1));
        var before = Finished.Count;
        await Run();
        Finished.Skip(before).Order().ShouldBe(labels.Select(label => "labels/" + Path.GetFileName(Path.GetDirectoryName(label)!)).Order());
    }

    [Fact]
    public async Task A_file_that_somebody_removed_to_save_room_is_no_damage()
    {
        await Run();
        Unfinish();
        File.Delete(_scratch["run/steps/learn/units/gen1/md/0/trajectory.txt"]);
        var before = Finished.Count;
        await Run();
        Finished.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("steps/learn/outputs/outputs.json")]
    [InlineData("steps/learn/step.json")]
    [InlineData("versions.json")]
    public async Task Half_a_record_of_the_run_costs_no_unit(string file)
    {
        await Run();
        var model = await File.ReadAllTextAsync(_scratch["run/steps/learn/outputs/model.txt"]);
        Cut(_scratch["run/" + file], 10);
        var before = Finished.Count;
        await Run();
        Finished.Count.ShouldBe(before);
        Units.Count().ShouldBeGreaterThan(4);
        (await File.ReadAllTextAsync(_scratch["run/steps/learn/outputs/model.txt"])).ShouldBe(model);
        RunFolder.Open(_scratch["run"]).Steps.ShouldAllBe(step => step.Finished);
    }

    private static void Cut(string file, int left)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(left);
    }
}
