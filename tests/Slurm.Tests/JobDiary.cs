namespace MofInterop.Slurm.Tests;

/// <summary>Remembers what a runner tells.</summary>
internal sealed class JobDiary : IJobLog
{
    private readonly List<(string Name, IReadOnlyDictionary<string, object> Facts)> _entries = [];
    private readonly List<string> _said = [];

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
            {
                return [.. _said];
            }
        }
    }

    /// <summary>Facts of all entries of a name, in order.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object>> this[string name]
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries.Where(entry => entry.Name == name).Select(entry => entry.Facts)];
            }
        }
    }

    public void Say(string text)
    {
        lock (_said)
        {
            _said.Add(text);
        }
    }

    public void Record(string name, IReadOnlyDictionary<string, object> facts)
    {
        lock (_entries)
        {
            _entries.Add((name, facts));
        }
    }
}
