using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Allegro;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Against libtorch running Allegro 0.2 (<c>Data/Allegro/README.md</c>).</summary>
public sealed class AllegroAgreementTests
{
    public static TheoryData<string, int> Implementations()
    {
        var data = new TheoryData<string, int>();
        foreach (var model in (string[])["plain", "full", "zbl", "so3", "single"])
        {
            foreach (var lanes in (int[])[1, 2, 4, 8])
            {
                data.Add(model, lanes);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Energies_forces_and_virials_are_those_of_libtorch(string name, int lanes)
    {
        var data = AllegroData.Of(name);
        using var potential = new AllegroPotential(data.Model, lanes, NetworkPrecision.Double);
        foreach (var structure in data.Structures)
        {
            var result = data.Evaluate(potential, structure);
            result.Outcome.Status.ShouldBe(EvaluationStatus.Success);
            Compare(result.AtomEnergies, data.Array(structure, "atom_energies").Values, 1e-9, structure);
            Compare(result.Forces, data.Array(structure, "forces").Values, 1e-8, structure);
            Compare(result.Virial, data.Array(structure, "virial").Values, 1e-8, structure);
            result.Energy.ShouldBe(data.Array(structure, "energy").Values[0], 1e-9);
            for (var m = 0; m < 9; m++)
            {
                Enumerable.Range(0, result.AtomEnergies.Length).Sum(i => result.AtomVirials[9 * i + m]).ShouldBe(result.Virial[m], 1e-9);
            }

            if (data.Cell(structure) is { } cell)
            {
                // The files have the sign of ASE.
                Compare([.. result.Virial.Select(one => -one / cell.Volume)], data.Array(structure, "stress").Values, 1e-10, structure);
            }
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("full")]
    [InlineData("zbl")]
    [InlineData("so3")]
    [InlineData("single")]
    public unsafe void Values_inside_of_the_layers_are_those_of_libtorch(string name)
    {
        var data = AllegroData.Of(name);
        const string Structure = "molecule";
        using var list = new NeighborList();
        list.Build(data.Positions(Structure), null, false, false, false, data.Model.Cutoff);
        var view = list.View(data.Types(Structure));

        // Rows of libtorch are the first edges, [2][edges]: center and neighbour.
        var edges = data.Array(Structure, "edges");
        var compared = 0;
        for (var e = 0; e < 2; e++)
        {
            var run = AllegroReference.Of(data.Model, view, (int)edges.Row(0)[e]);
            var edge = run.Edges.Single(one => one.Atom == (int)edges.Row(1)[e]);
            Row("spharm.sh", edge.Harmonics);
            for (var t = 0; t <= data.Model.Layers.Count; t++)
            {
                var isLast = t == data.Model.Layers.Count;
                Row(isLast ? "allegro.final_latent" : $"allegro.latents.{t}", edge.Updates[t]!.Output);
                if (!isLast)
                {
                    Row($"allegro.env_embed_mlps.{t}", edge.Weights[t]!.Output);
                    Row($"allegro.tps.{t}", edge.Products[t]);
                }
            }

            void Row(string key, double[] found)
            {
                // Edges that a layer leaves out have no rows there.
                var array = data.Array(Structure, "layer__" + key);
                var width = array.Values.Length / array.Shape[0];
                Compare(found, array.Values[(e * width)..((e + 1) * width)], 1e-10, $"{key}, edge {e}");
                compared++;
            }
        }

        compared.ShouldBe(2 * (2 + 3 * data.Model.Layers.Count));
    }

    internal static void Compare(double[] found, double[] expected, double tolerance, string what)
    {
        found.Length.ShouldBe(expected.Length, what);
        var size = Math.Max(1, expected.Max(Math.Abs));
        for (var k = 0; k < found.Length; k++)
        {
            found[k].ShouldBe(expected[k], tolerance * size, $"{what}, number {k}");
        }
    }
}
