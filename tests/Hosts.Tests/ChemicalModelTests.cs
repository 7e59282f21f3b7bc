using System.Globalization;
using System.Text;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Snap;

namespace MofInterop.Hosts.Tests;

/// <summary>
/// Models with <c>chemflag</c> and every other keyword against ML-SNAP itself, in the LAMMPS of <see cref="PeerLammps"/>: the same
/// input with one word changed.
/// </summary>
public class ChemicalModelTests
{
    private static readonly string[] Labels = ["C", "O", "Zn"];

    [SkippableTheory]
    [InlineData(2, 4, "")]
    [InlineData(3, 4, "bnormflag")]
    [InlineData(3, 4, "wselfallflag")]
    [InlineData(2, 5, "bnormflag wselfallflag")]
    [InlineData(3, 3, "nobzero")]
    [InlineData(3, 3, "wselfallflag nobzero noswitch")]
    [InlineData(3, 4, "rmin0 rfac0 bnormflag")]
    [InlineData(3, 4, "switchinnerflag wselfallflag")]
    [InlineData(2, 3, "quadraticflag nobzero")]
    [InlineData(3, 2, "quadraticflag bnormflag wselfallflag switchinnerflag")]
    public async Task Every_keyword_gives_the_numbers_of_ML_SNAP(int species, int twoJMax, string keywords)
    {
        var program = PeerLammps.Find() ?? "";
        Skip.IfNot(File.Exists(program), "there is no LAMMPS with ML-SNAP: let tests/Comparison/peer.sh build it, or name one by MOFINTEROP_PLUGIN_LAMMPS");
        using var folder = new HostFolder();
        WriteData(folder.File("system.data"), species);
        SnapFiles.Write(Model(species, twoJMax, [.. keywords.Split(' ')]), folder.File("model.snapcoeff"), folder.File("model.snapparam"));
        string Script(string style) => Evaluation.Script($"pair_style {style}\npair_coeff * * model.snapcoeff model.snapparam {string.Join(' ', Labels[..species])}");

        var ours = Evaluation.Read(folder, await folder.RunAsync(Script("mof/snap")));
        var theirs = Evaluation.Read(folder, await folder.RunAsync(program, Script("snap").Replace("@load@", "", StringComparison.Ordinal)));

        ours.ShouldAgreeWith(theirs);
        ours.Forces.Max(Math.Abs).ShouldBeGreaterThan(0.01);
    }

    private static SnapModel Model(int count, int twoJMax, HashSet<string> keywords)
    {
        var parameters = new SnapParameters
        {
            CutoffFactor = 4.2,
            TwoJMax = twoJMax,
            Chemical = true,
            Normalized = keywords.Contains("bnormflag"),
            SelfInAllDensities = keywords.Contains("wselfallflag"),
            SubtractIsolatedAtom = !keywords.Contains("nobzero"),
            Switching = !keywords.Contains("noswitch"),
            MinimumDistance = keywords.Contains("rmin0") ? 0.8 : 0,
            AngleFactor = keywords.Contains("rfac0") ? 0.7 : 0.99363,
            InnerSwitching = keywords.Contains("switchinnerflag"),
            Quadratic = keywords.Contains("quadraticflag"),
        };
        double[] radii = [0.5, 0.45, 0.55], weights = [1, 0.8, 1.2];
        var random = new Random(3);
        return new SnapModel(parameters, [.. Enumerable.Range(0, count).Select(s =>
            new SnapSpecies(Labels[s], radii[s], weights[s], Coefficients(s)) { InnerSwitchCenter = 1.6 - 0.1 * s, InnerSwitchHalfWidth = 0.3 + 0.05 * s })]);

        double[] Coefficients(int s)
        {
            var linear = Symmetric(count, twoJMax, random);
            var values = new List<double> { s - 1 };
            values.AddRange(linear.Select(x => 0.02 * x));
            if (parameters.Quadratic)
            {
                var factors = Symmetric(count, twoJMax, random);
                values.AddRange(factors.SelectMany((x, a) => factors.Skip(a).Select(y => 1e-7 * x * y)));
            }

            return [.. values];
        }
    }

    // One number for every component made of the same three (layer, species): where they differ, ML-SNAP's forces are not
    // the gradient of its energy.
    private static double[] Symmetric(int species, int twoJMax, Random random)
    {
        var components = SnapIndices.Components(twoJMax);
        var known = new Dictionary<((int, int), (int, int), (int, int)), double>();
        return [.. Enumerable.Range(0, species * species * species * components.Length).Select(place =>
        {
            var (first, second, third) = SnapIndices.DensitiesOf(place / components.Length, species);
            var (j1, j2, j) = components[place % components.Length];
            (int, int)[] three = [(j1, first), (j2, second), (j, third)];
            Array.Sort(three);
            var key = (three[0], three[1], three[2]);
            return known.TryGetValue(key, out var value) ? value : known[key] = random.NextDouble() - 0.5;
        })];
    }

    // 24 atoms on a rattled lattice of 2.3 Å, the species in turn.
    private static void WriteData(string path, int species)
    {
        var random = new Random(5);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"chem\n\n24 atoms\n{species} atom types\n0 9.2 xlo xhi\n0 6.9 ylo yhi\n0 4.6 zlo zhi\n0.4 -0.3 0.2 xy xz yz\n\nMasses\n\n");
        for (var type = 1; type <= species; type++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{type} 1\n");
        }

        text.Append("\nAtoms # atomic\n\n");
        for (var i = 0; i < 24; i++)
        {
            double Near(int site) => 2.3 * site + 0.8 * random.NextDouble();
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {i * 7 % species + 1} {Near(i % 4):r} {Near(i / 4 % 3):r} {Near(i / 12):r}\n");
        }

        File.WriteAllText(path, text.ToString());
    }
}
