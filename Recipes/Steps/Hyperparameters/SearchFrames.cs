using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>The labelled frames of a search, ready to be fitted whatever the candidate: read, thinned, less the repulsion, divided into folds.</summary>
internal sealed class SearchFrames
{
    /// <summary>The folds of a search with test frames: fitted, and tested on.</summary>
    private const int Fitted = 0, Tested = 1;

    private SearchFrames(IReadOnlyList<AtomicConfiguration> frames, IReadOnlyList<int> folds, int foldCount, IReadOnlyList<int> testedFolds, IReadOnlyList<AtomType> types)
    {
        Frames = frames;
        Folds = folds;
        FoldCount = foldCount;
        TestedFolds = testedFolds;
        Types = types;
        Fingerprint = HashOf(frames, folds);
    }

    /// <summary>In the order of the data, test frames behind the others.</summary>
    public IReadOnlyList<AtomicConfiguration> Frames { get; }

    /// <summary>The fold of each.</summary>
    public IReadOnlyList<int> Folds { get; }

    /// <summary>How many folds.</summary>
    public int FoldCount { get; }

    /// <summary>Those that are left out in turn and tested on.</summary>
    public IReadOnlyList<int> TestedFolds { get; }

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<AtomType> Types { get; }

    /// <summary>Changes with every bit of the frames, their labels, groups and folds.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads them.</summary>
    /// <exception cref="MofException">See <see cref="FitFrames"/>; fewer than two; or an atom of the test frames is of no type of the others.</exception>
    public static SearchFrames Read(HyperparameterOptions options, string path, string? testPath)
    {
        var data = FitFrames.Read(options.EnergyOffsets, path, options.Frames?.Written);
        var frames = Thinned(data.Frames, options.AtMost);
        if (frames.Count < 2)
        {
            throw new MofException(ErrorKind.FileFormat, "hyperparameters cannot be searched on one frame", path, "two or more");
        }

        if (testPath is null)
        {
            var folds = FoldAssignment.Of(frames, options.Folds);
            return new SearchFrames(Reduced(options, data, frames), folds, options.Folds, [.. folds.Distinct().Order()], data.Types);
        }

        var test = FitFrames.Read(options.EnergyOffsets, testPath, options.TestFrames?.Written);
        var unknown = test.Types.Where(type => !data.Types.Any(known => known.Label == type.Label)).Select(type => type.Label).ToList();
        if (unknown.Count > 0)
        {
            throw new MofException(ErrorKind.FileFormat, $"test frames have atoms of types that no other frame has: {string.Join(", ", unknown)}", testPath, string.Join(", ", data.Types.Select(type => type.Label)));
        }

        AtomicConfiguration[] all = [.. frames, .. test.Frames];
        return new SearchFrames(Reduced(options, data, all), [.. all.Select((_, k) => k < frames.Count ? Fitted : Tested)], 2, [Tested], data.Types);
    }

    private static IReadOnlyList<AtomicConfiguration> Thinned(IReadOnlyList<AtomicConfiguration> frames, int? atMost) =>
        atMost is { } most && most < frames.Count ? [.. Enumerable.Range(0, most).Select(k => frames[(int)((long)k * frames.Count / most)])] : frames;

    private static IReadOnlyList<AtomicConfiguration> Reduced(HyperparameterOptions options, FitFrames data, IReadOnlyList<AtomicConfiguration> frames)
    {
        using var baseline = options.Zbl?.BaselineFor(data.Species);
        return baseline?.Subtract(frames) ?? frames;
    }

    private static string HashOf(IReadOnlyList<AtomicConfiguration> frames, IReadOnlyList<int> folds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var k = 0; k < frames.Count; k++)
        {
            var frame = frames[k];
            var label = frame.Label!;
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{folds[k]} {ConfigurationGroups.Of(frame)} {frame.Periodic} {string.Join(' ', frame.Types!)} {label.Energy:R}\n")));
            hash.AppendData(MemoryMarshal.AsBytes<double>(frame.Positions));
            hash.AppendData(MemoryMarshal.AsBytes<double>(frame.Cell?.Rows.ToArray() ?? []));
            hash.AppendData(MemoryMarshal.AsBytes<double>(label.Forces));
            hash.AppendData(MemoryMarshal.AsBytes<double>(label.Stress ?? []));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
