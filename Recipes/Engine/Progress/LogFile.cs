using System.Text;

namespace MofInterop.Engine;

/// <summary>A log that is appended to. A line that cannot be written (a full disk) is left out: no work is lost, and no error hidden, for the sake of a log.</summary>
internal sealed class LogFile(string path) : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path, append: true);

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => Attempt(() => _file.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Attempt(() => _file.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Attempt(() => _file.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Attempt(_file.Flush);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Attempt(_file.Dispose);
        base.Dispose(disposing);
    }

    private void Attempt(Action write)
    {
        lock (_gate)
        {
            try
            {
                write();
            }
            catch (IOException)
            {
                // What became of the run, the journal and the terminal tell.
            }
        }
    }
}
