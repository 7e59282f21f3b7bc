using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>Tests that share one potential of every kind: what a bad call leaves of a handle is what the next test gets.</summary>
[CollectionDefinition(Name)]
public sealed class EveryKindCollection : ICollectionFixture<EveryKind>
{
    public const string Name = "a potential of every kind";
}

/// <summary>A potential of every kind behind a handle of the library, loaded when a test first asks for it.</summary>
public sealed unsafe class EveryKind : IDisposable
{
    private const string Snap = "snap";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-abi-kinds-");
    private readonly Dictionary<string, LoadedKind> _loaded = [];

    /// <summary>All kinds, SNAP too.</summary>
    public static IReadOnlyList<string> Names { get; } = [Snap, .. SampleModel.Kinds];

    /// <summary>The same for theories.</summary>
    public static TheoryData<string> All { get; } = new(Names);

    /// <summary>Kinds that run in stages.</summary>
    public static TheoryData<string> Staged { get; } = new(SampleModel.Kinds.Where(SampleModel.IsStaged));

    /// <summary>Every case with every kind.</summary>
    public static TheoryData<string, string> Each(IEnumerable<string> cases)
    {
        var data = new TheoryData<string, string>();
        foreach (var (kind, one) in Names.SelectMany(kind => cases.Select(one => (kind, one))))
        {
            data.Add(kind, one);
        }

        return data;
    }

    /// <summary>The potential of a kind; skips where its weights are not here.</summary>
    public LoadedKind this[string kind]
    {
        get
        {
            if (!_loaded.TryGetValue(kind, out var found))
            {
                _loaded.Add(kind, found = Load(kind));
            }

            return found;
        }
    }

    public void Dispose()
    {
        foreach (var one in _loaded.Values)
        {
            one.Library.Free(one.Handle).ShouldBe(0);
        }

        _folder.Delete(recursive: true);
    }

    private LoadedKind Load(string kind)
    {
        var library = NativePotential.Baseline();
        nint handle = 0;
        if (kind == Snap)
        {
            using var model = new TestModel();
            return new LoadedKind(kind, library, library.LoadModel(model), ["Si", "C"]);
        }

        var sample = SampleModel.Write(kind, _folder.CreateSubdirectory(kind).FullName);
        Skip.If(sample is null, "the reference data are not here");
        library.Load(NativePotential.Text(sample!.CardPath), &handle).ShouldBe(0, library.LastError);
        return new LoadedKind(kind, library, handle, [.. sample.Species.Select(one => one.Label)]);
    }
}

/// <summary>A potential behind a handle.</summary>
public sealed record LoadedKind(string Kind, NativePotential Library, nint Handle, string[] Labels)
{
    /// <summary>The status of the crystal as it is; all results are checked to be numbers where it is 0.</summary>
    public int Compute(Crystal crystal)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        var status = crystal.Compute(Library, Handle);
        if (status == 0)
        {
            crystal.ShouldBeFinite();
        }

        return status;
    }
}
