using System.Globalization;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>Just enough of a reader for the reference potentials: ModelFiles refuses the options beyond linear SNAP, Potentials computes them.</summary>
internal static class AnySnapReader
{
    public static SnapModel Read(string coefficientFile, string parameterFile)
    {
        var words = Lines(parameterFile).ToDictionary(w => w[0], w => w);
        double Number(string key, double standard) => words.TryGetValue(key, out var w) ? Parse(w[1]) : standard;
        bool Flag(string key, bool standard) => words.TryGetValue(key, out var w) ? w[1] == "1" : standard;
        var parameters = new SnapParameters
        {
            CutoffFactor = Number("rcutfac", double.NaN),
            TwoJMax = (int)Number("twojmax", -1),
            AngleFactor = Number("rfac0", 0.99363),
            MinimumDistance = Number("rmin0", 0),
            Switching = Flag("switchflag", true),
            SubtractIsolatedAtom = Flag("bzeroflag", true),
            Quadratic = Flag("quadraticflag", false),
            Chemical = Flag("chemflag", false),
            Normalized = Flag("bnormflag", false),
            SelfInAllDensities = Flag("wselfallflag", false),
            InnerSwitching = Flag("switchinnerflag", false),
        };
        var lines = Lines(coefficientFile).ToArray();
        int count = int.Parse(lines[0][0], CultureInfo.InvariantCulture), width = int.Parse(lines[0][1], CultureInfo.InvariantCulture);
        var species = new SnapSpecies[count];
        for (var s = 0; s < count; s++)
        {
            var head = lines[1 + s * (width + 1)];
            var values = lines.Skip(2 + s * (width + 1)).Take(width).Select(w => Parse(w[0])).ToArray();
            species[s] = new SnapSpecies(head[0], Parse(head[1]), Parse(head[2]), values)
            {
                InnerSwitchCenter = words.TryGetValue("sinner", out var centers) ? Parse(centers[1 + s]) : 0,
                InnerSwitchHalfWidth = words.TryGetValue("dinner", out var widths) ? Parse(widths[1 + s]) : 0,
            };
        }

        return new SnapModel(parameters, species);
    }

    private static double Parse(string word) => double.Parse(word, CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Lines(string path) =>
        File.ReadLines(path)
            .Select(line => line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 0);
}
