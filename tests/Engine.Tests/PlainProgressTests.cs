namespace MofInterop.Engine.Tests;

public sealed class PlainProgressTests
{
    [Fact]
    public void Work_that_is_over_before_the_patience_is_not_told()
    {
        using var lines = new StringWriter();
        var progress = new PlainProgress(lines, TimeSpan.FromSeconds(1), timestamps: false) { Patience = TimeSpan.FromSeconds(10) };

        progress.Progress(Update(3, finished: false));
        progress.Progress(Update(9, finished: true));

        Assert.Empty(lines.ToString());
    }

    [Fact]
    public void Work_that_takes_longer_is_told_once_an_interval_and_at_its_end()
    {
        using var lines = new StringWriter();
        var progress = new PlainProgress(lines, TimeSpan.FromSeconds(5), timestamps: false) { Patience = TimeSpan.FromSeconds(10) };

        foreach (var seconds in new[] { 9, 10, 12, 16 })
        {
            progress.Progress(Update(seconds, finished: false));
        }

        progress.Progress(Update(17, finished: true));

        var told = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, told.Length);
        Assert.StartsWith("[analyse] frames: 10 of 17, 10.0 s", told[0], StringComparison.Ordinal);
        Assert.StartsWith("[analyse] frames: 16 of 17", told[1], StringComparison.Ordinal);
        Assert.StartsWith("[analyse] frames: 17 of 17", told[2], StringComparison.Ordinal);
    }

    private static ProgressUpdate Update(double seconds, bool finished) => new("analyse", "frames", seconds, 17, TimeSpan.FromSeconds(seconds), null, null, finished);
}
