using System.Text.Json;
using MofInterop.ModelFiles.DeepPot;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>A model of <c>Data/DeepPot</c> and what DeePMD-kit computed with it.</summary>
internal static class DeepPotData
{
    /// <summary>A structure and its numbers.</summary>
    public sealed record Computed(double[] Positions, int[] Types, Cell? Cell, double Energy, double[] AtomEnergies, double[] Forces)
    {
        public Evaluation Evaluate(IPotential potential) => Evaluation.Of(potential, Positions, Types, Cell);
    }

    public static DeepPotModel Model(string name) => DeepPotFile.Read(PathOf(name));

    public static string PathOf(string name) => File.Exists(Find(name + ".dp")) ? Find(name + ".dp") : Find(name + ".yaml");

    public static IReadOnlyList<Computed> Structures(string name)
    {
        using var text = JsonDocument.Parse(File.ReadAllText(Find(name + ".json")));
        double[] Numbers(JsonElement of, string key) => [.. of.GetProperty(key).EnumerateArray().Select(one => one.GetDouble())];
        return [.. text.RootElement.GetProperty("structures").EnumerateArray().Select(one => new Computed(
            Numbers(one, "positions"),
            [.. Numbers(one, "types").Select(type => (int)type)],
            one.GetProperty("cell").ValueKind == JsonValueKind.Null ? null : new Cell(Numbers(one, "cell")),
            one.GetProperty("energy").GetDouble(),
            Numbers(one, "atom_energies"),
            Numbers(one, "forces")))];
    }

    private static string Find(string file) => Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "DeepPot", file);
}
