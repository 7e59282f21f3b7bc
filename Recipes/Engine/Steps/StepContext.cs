using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// What a running step sees of the run: its inputs, its outputs, a way to do pieces of work only once, progress, the
/// journal. Every method may be called from several threads at once.
/// </summary>
public sealed class StepContext
{
    private readonly RecipeEntry _entry;
    private readonly string _fingerprint;
    private readonly RunSession _session;
    private readonly StepFolder _folder;
    private readonly IReadOnlyDictionary<string, StepValue> _inputs;
    private readonly UnitStore _units;
    private readonly IProgressSink _sink;
    private readonly StepRecordBuilder _record = new();

    internal StepContext(RecipeEntry entry, string fingerprint, RunSession session, StepFolder folder, IReadOnlyDictionary<string, StepValue> inputs, IProgressSink sink)
    {
        _entry = entry;
        _fingerprint = fingerprint;
        _session = session;
        _folder = folder;
        _inputs = inputs;
        _sink = sink;
        _units = new UnitStore(folder.Units, session.Journal);
        OutputFolder = folder.CreatePartialOutputs();
    }

    /// <summary>The step's name in the recipe.</summary>
    public string Name => _entry.Name;

    /// <summary>The run folder.</summary>
    public string RunFolder => _session.Folder;

    /// <summary>The step's folder in the run folder; units of work and outputs are below it.</summary>
    public string StepFolder => _folder.Path;

    /// <summary>
    /// An empty folder for the step's output files. It moves into place (<c>steps/&lt;name&gt;/outputs</c>) in one rename when
    /// the step returns, so files in it must not name its path.
    /// </summary>
    public string OutputFolder { get; }

    /// <summary>Processor cores that the run may use in all.</summary>
    public int Cores => _session.Settings.Cores;

    /// <summary>
    /// A seed from 1 to 900 000 000 that depends on the recipe's seed, the step's name and the purpose only
    /// (<c>context.Seed("gen2/run7/velocities")</c>): the same in every repetition and order.
    /// </summary>
    public int Seed(string purpose) => _entry.Seed(purpose);

    /// <summary>Whether the recipe gives this input.</summary>
    public bool HasInput(string name) => _inputs.ContainsKey(name);

    /// <summary>What an earlier step made.</summary>
    /// <exception cref="MofException">The recipe does not give the input (Internal: ask <see cref="HasInput"/> for optional ones).</exception>
    public StepValue Input(string name) => _inputs.GetValueOrDefault(name)
        ?? throw new MofException(ErrorKind.Internal, $"step '{Name}' asks for the input '{name}', which it does not have");

    /// <summary>Sets a file or folder output: a path in <see cref="OutputFolder"/>, of a unit of work, or elsewhere in the run folder.</summary>
    public void SetOutputFile(string name, string path)
    {
        var full = Path.GetFullPath(path, OutputFolder);
        if (!File.Exists(full) && !Directory.Exists(full))
        {
            throw new MofException(ErrorKind.Internal, $"step '{Name}': its output '{name}' does not exist", full);
        }

        var inside = full.StartsWith(OutputFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (!inside && !full.StartsWith(RunFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new MofException(ErrorKind.Internal, $"step '{Name}': its output '{name}' lies outside the run folder", full);
        }

        _record.SetOutput(name, new JsonObject { ["file"] = inside ? Path.GetRelativePath(OutputFolder, full) : Path.GetRelativePath(_folder.Outputs, full) });
    }

    /// <summary>Sets an output that is a JSON value.</summary>
    public void SetOutput(string name, JsonNode? value) => _record.SetOutput(name, new JsonObject { ["value"] = value?.DeepClone() });

    /// <summary>
    /// Does a piece of work once in the life of this step with these parameters. If it was finished before, in this
    /// process or an earlier one, its folder is returned at once; otherwise <paramref name="work"/> fills an empty folder,
    /// which moves into place in one rename. Two simultaneous calls for the same unit share the work.
    /// </summary>
    /// <param name="unitPath">Its folder below <c>steps/&lt;name&gt;/units/</c>: <c>gen2/md/7</c>. A unit's folder cannot lie inside another unit.</param>
    /// <param name="fingerprint">
    /// All that the result depends on besides the step's own parameters, seed and inputs, which the engine adds. A unit
    /// that is there with another fingerprint is done again.
    /// </param>
    /// <param name="work">Gets the folder to fill; files in it must not name its path, which is temporary.</param>
    /// <param name="cancellation">Passed to the work.</param>
    /// <returns>The unit's final folder.</returns>
    public Task<string> OnceAsync(string unitPath, string fingerprint, Func<string, CancellationToken, Task> work, CancellationToken cancellation = default) =>
        _units.OnceAsync(Name, unitPath, UnitFingerprint(fingerprint), work, cancellation, null, Say);

    /// <summary>Whether <see cref="OnceAsync"/> would return at once.</summary>
    public bool HasUnit(string unitPath, string fingerprint) => _units.Has(unitPath, UnitFingerprint(fingerprint));

    /// <summary>
    /// As <see cref="OnceAsync"/>, for work that stays valid whatever becomes of the recipe (a reference calculation): the
    /// result is kept in <c>cache/&lt;cacheName&gt;/</c> under a hash of <paramref name="key"/>, and every step of every later
    /// version of the recipe in this run folder finds it there.
    /// </summary>
    /// <param name="cacheName">Which cache: <c>labels</c>.</param>
    /// <param name="key">All that the result depends on: the configuration to the last digit, and the method. Nothing is added.</param>
    /// <param name="work">Gets the folder to fill.</param>
    /// <param name="cancellation">Passed to the work.</param>
    /// <returns>The result's folder.</returns>
    public Task<string> CachedAsync(string cacheName, string key, Func<string, CancellationToken, Task> work, CancellationToken cancellation = default) =>
        CachedAsync(cacheName, key, work, _ => null, cancellation);

    /// <summary>As the other, for results that are looked at before they are used.</summary>
    /// <param name="cacheName">Which cache.</param>
    /// <param name="key">All that the result depends on.</param>
    /// <param name="work">Gets the folder to fill.</param>
    /// <param name="damage">Says what is wrong with a result that was found (half a file), null: nothing; one that is damaged is put aside and the work done again.</param>
    /// <param name="cancellation">Passed to the work.</param>
    /// <returns>The result's folder.</returns>
    public Task<string> CachedAsync(string cacheName, string key, Func<string, CancellationToken, Task> work, Func<string, string?> damage, CancellationToken cancellation)
    {
        var hash = StepIdentity.Hash(key);
        return _session.Cache(cacheName).OnceAsync(Name, hash[..32], hash, work, cancellation, damage, Say);
    }

    /// <summary>Whether the user asked that what was set aside earlier is tried again.</summary>
    public bool RetryFailed => _session.Settings.RetryFailed;

    /// <summary>Takes a result out of a cache, so that <c>CachedAsync</c> does the work again; its folder is kept beside the cache's results.</summary>
    /// <returns>Where it is kept.</returns>
    public string TakeFromCache(string cacheName, string key, string reason) =>
        _session.Cache(cacheName).PutAside(Name, StepIdentity.Hash(key)[..32], ".retried", "unit-retried", reason);

    /// <summary>Whether <c>CachedAsync</c> would return at once.</summary>
    public bool HasCached(string cacheName, string key)
    {
        var hash = StepIdentity.Hash(key);
        return _session.Cache(cacheName).Has(hash[..32], hash);
    }

    /// <summary>Starts to tell how far a piece of work is; dispose the result when it is over.</summary>
    /// <param name="what">What is done: <c>labels of generation 2</c>.</param>
    /// <param name="total">How many.</param>
    public WorkProgress Progress(string what, double total) => new(_sink, Name, what, total);

    /// <summary>A line on the terminal and in the logs.</summary>
    public void Say(string text) => _sink.Message(MessageLevel.Information, Name, text);

    /// <summary>A warning: on the terminal, in the logs, in the journal, and kept with the outputs for the report.</summary>
    public void Warn(string text)
    {
        _sink.Message(MessageLevel.Warning, Name, text);
        _record.AddWarning(text);
        Record("warning", new JsonObject { ["text"] = text });
    }

    /// <summary>Something that a step goes on without: kept with the outputs for the report, in the journal, and told as a warning.</summary>
    public void SetAside(SetAsideItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Warn($"{item.What}: {item.Item} has no label and is set aside: {item.Reason}");
        _record.AddSetAside(item);
        Record(SetAsideItem.Event, item.ToJson());
    }

    /// <summary>Adds a line to the journal.</summary>
    /// <param name="name">What happened, kebab-case: <c>frame-selected</c>.</param>
    /// <param name="data">The facts.</param>
    public void Record(string name, JsonObject? data = null) => _session.Journal.Append(name, Name, data);

    /// <summary>Writes into the journal that a program has ended, for the account of where the time went.</summary>
    /// <param name="use">What for.</param>
    /// <param name="elapsed">How long it was at work, waiting for cores or in a queue left out.</param>
    /// <param name="cores">On how many cores.</param>
    public void RecordProgram(ProgramUse use, TimeSpan elapsed, int cores) => _session.Journal.TryAppend(RunTimes.ProgramEnded, Name, RunTimes.Facts(use, elapsed, cores), waits: false);

    /// <summary>
    /// States a quality goal and whether it was reached. A missed goal does not stop the run; the program's exit code
    /// becomes 2 and the report says so on top.
    /// </summary>
    /// <param name="what">What was to be reached: <c>energy RMSE of the held-out frames</c>.</param>
    /// <param name="value">What was reached.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="unit">Unit of both, or empty.</param>
    /// <param name="met">Whether the goal was reached.</param>
    public void Goal(string what, double value, double limit, string unit, bool met)
    {
        var goal = new QualityGoal(what, value, limit, unit, met);
        _record.AddGoal(goal);
        Record("goal", goal.ToJson());
        _sink.Message(met ? MessageLevel.Information : MessageLevel.Warning, Name, goal.ToString());
    }

    /// <summary>Writes the version of a program that this step used into <c>versions.json</c>.</summary>
    public void RecordVersion(string program, string version) => _session.Versions.Set(program, version);

    /// <summary>Closes the record; every declared output must be set.</summary>
    internal StepRecord Finish(TimeSpan elapsed)
    {
        foreach (var output in _entry.Definition.Outputs.Where(output => !_record.HasOutput(output.Name)))
        {
            throw new MofException(ErrorKind.Internal, $"step '{Name}' (kind {_entry.Definition.Kind}) did not make its output '{output.Name}'");
        }

        return _record.Build(_fingerprint, _entry.Definition.Kind, elapsed);
    }

    private string UnitFingerprint(string fingerprint) => StepIdentity.Hash($"{_fingerprint}\0{fingerprint}");
}
