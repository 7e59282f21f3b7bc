using System.Text;

namespace MofInterop.Engine.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_last_line_cut_short_at_any_byte_is_removed_and_writing_goes_on()
    {
        var path = _scratch["journal.jsonl"];
        using (var journal = Journal.Open(path))
        {
            journal.Append("first", "Å");
            journal.Append("second", null, new() { ["text"] = "a\nb" });
        }

        var whole = File.ReadAllBytes(path);
        var firstLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            var torn = length != 0 && length != firstLine && length != whole.Length;
            using (var journal = Journal.Open(path))
            {
                journal.WasTorn.ShouldBe(torn, $"{length} bytes");
                journal.Append("third", null);
            }

            string[] expected = length < firstLine ? ["third"] : length < whole.Length ? ["first", "third"] : ["first", "second", "third"];
            Journal.Read(path).Select(entry => entry.Event).ShouldBe(expected, $"{length} bytes");
        }
    }

    [Fact]
    public void Blocks_of_zeros_that_a_power_failure_leaves_are_removed()
    {
        var path = _scratch["journal.jsonl"];
        using (var journal = Journal.Open(path))
        {
            journal.Append("first", null);
        }

        File.AppendAllText(path, new string('\0', 4096) + "\n", Encoding.UTF8);
        using (var journal = Journal.Open(path))
        {
            journal.WasTorn.ShouldBeTrue();
        }

        Journal.Read(path).ShouldHaveSingleItem().Event.ShouldBe("first");
    }

    [Fact]
    public void Many_threads_write_whole_lines()
    {
        var path = _scratch["journal.jsonl"];
        using (var journal = Journal.Open(path))
        {
            Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index => journal.Append("event", null, new() { ["index"] = index }));
        }

        Journal.Read(path).Select(entry => entry.Data["index"]!.GetValue<int>()).Order().ShouldBe(Enumerable.Range(0, 200));
    }
}
