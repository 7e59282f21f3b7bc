using System.Text.Json;
using MofInterop.Potentials.Errors;

namespace MofInterop.Comparison.Tests;

public class ReportTests
{
    private static readonly Quantity _speed = new("loop", "µs/atom");

    [Fact]
    public async Task A_ratio_is_the_reference_over_the_subject_repeat_by_repeat()
    {
        var row = (await Row.MeasureAsync(Case(theirs: [100, 200, 150], ours: [5, 5, 10], Goals(20)), null)).ShouldHaveSingleItem();
        row.Ratio.ShouldBe(new Spread(15, 20, 40));
        row.Value.ShouldBe(new Spread(5, 5, 10));
        row.Met.ShouldBe(true);
        (await Row.MeasureAsync(Case([100, 200, 150], [5, 5, 10], Goals(20.1)), null)).Single().Met.ShouldBe(false);
    }

    [Fact]
    public async Task A_subject_that_refuses_becomes_a_row_that_says_why()
    {
        var comparison = Case([1], [1], []) with { Subjects = [new Subject("ours", () => throw new MofException(ErrorKind.Unsupported, "keyword chemflag is 1"))] };
        var row = (await Row.MeasureAsync(comparison, null)).ShouldHaveSingleItem();
        row.Refused.ShouldBe("keyword chemflag is 1");
        row.Met.ShouldBeNull();
    }

    [Fact]
    public async Task The_results_are_well_formed_JSON_and_read_back()
    {
        var results = await ResultsAsync();
        var text = Report.Json(results);
        using var json = JsonDocument.Parse(text);
        var row = json.RootElement.GetProperty("rows")[0];
        row.GetProperty("ratio").GetProperty("median").GetDouble().ShouldBe(20);
        row.GetProperty("ratioAtLeast").GetDouble().ShouldBe(20);
        row.TryGetProperty("refused", out _).ShouldBeFalse();
        Report.FromJson(text).Rows.ShouldBe(results.Rows);
    }

    [Fact]
    public async Task The_table_replaces_what_stood_between_the_markers_and_nothing_else()
    {
        var section = Report.Markdown(await ResultsAsync());
        var once = Report.Insert($"before\n{Report.Begin}\nold\n{Report.End}\nafter\n", section, "page");
        once.ShouldStartWith("before\n");
        once.ShouldEndWith($"{Report.End}\nafter\n");
        once.ShouldContain("| MOF-5 | ours | loop, µs/atom | 5 (5–10) | 150 (100–200) (theirs) | 20 (15–40) | ≥ 20 ✓ |");
        once.ShouldNotContain("old");
        Report.Insert(once, section, "page").ShouldBe(once);
        Should.Throw<MofException>(() => Report.Insert("no markers", section, "page")).Where.ShouldBe("page");
    }

    [Fact]
    public void Timings_are_those_of_the_last_run_in_a_log()
    {
        var found = LammpsTimings.Read(
            [
                "Loop time of 9 on 1 procs for 10 steps with 100 atoms", "Pair    | 8 | 8 | 8 |   0.0 | 99",
                "Pair style mof/snap: file, cutoff 3", "Loop time of 0.5 on 2 procs for 100 steps with 100 atoms",
                "Pair    | 0.3        | 0.4       | 0.5        |   0.0 | 80.00",
            ],
            "VmHWM:\t   46592 kB\n",
            atoms: 100);
        found[Quantity.Loop].ShouldBe(50, 1e-9);
        found[Quantity.Pair].ShouldBe(40, 1e-9);
        found[LammpsRun.Memory].ShouldBe(45.5);
    }

    private static async Task<Results> ResultsAsync() =>
        new("2026-11-21", "abc", "a processor", 0.1, 0, "theirs", await Row.MeasureAsync(Case([100, 200, 150], [5, 5, 10], Goals(20)), null));

    private static Goal[] Goals(double ratio) => [new(_speed, RatioAtLeast: ratio)];

    private static Comparison Case(double[] theirs, double[] ours, Goal[] goals) =>
        new("Group", "MOF-5", Playing("theirs", theirs), [Playing("ours", ours) with { Goals = goals }], [_speed]) { Repeats = ours.Length };

    private static Subject Playing(string label, double[] values)
    {
        var next = 0;
        return new Subject(label, () => Task.FromResult<IReadOnlyDictionary<Quantity, double>>(new Dictionary<Quantity, double> { [_speed] = values[next++] }));
    }
}
