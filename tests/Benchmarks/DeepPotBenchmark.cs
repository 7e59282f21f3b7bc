using System.Text.Json;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Benchmarks;

/// <summary>
/// DeepPot-SE of the size that the H2-adsorption paper uses (7.0 and 4.1 Å, embedding 25-50-100, fitting 240-240-240) with seeded random weights on MOF-5: tables in double and single precision against the
/// embedding networks themselves, and, with a folder to write to, everything that another program needs to compute the same.
/// </summary>
internal static unsafe class DeepPotBenchmark
{
    private const int Axis = 16, TorchRepeats = 5;
    private static readonly int[] _embedding = [25, 50, 100], _fitting = [240, 240, 240];

    // C H O Zn of the seven types.
    private static readonly int[] _elements = [0, 0, 0, 1, 2, 2, 3];

    public static void Run(int lanes, double seconds, string? folder, string? only)
    {
        var mof = Crystal.Mof5(1);
        var crystal = mof with { Types = [.. mof.Types.Select(type => _elements[type])] };
        using var list = new NeighborList();
        list.Build(crystal.Positions, crystal.Cell, true, true, true, 7.0);
        var view = list.View(crystal.Types);
        var model = Model(view);
        var width = lanes == 0 ? Processor.WidestLanes : lanes;
        Console.WriteLine($"{"",-12}{"ms",10}{"median",10}{"energy, eV",22}   {crystal.Types.Length} atoms, {width} lanes");
        (string Name, NetworkPrecision Precision, bool Tabulated)[] all = [("tables", NetworkPrecision.Double, true), ("single", NetworkPrecision.Single, true), ("networks", NetworkPrecision.Double, false)];
        var rounds = new Rounds(
            list.AtomCount,
            [.. all.Where(one => only is null || one.Name == only).Select(one => (one.Name, new DeepPotPotential(model, width, one.Precision, one.Tabulated)))]);
        rounds.Measure(view, seconds);
        if (folder is not null)
        {
            Write(folder, model, crystal, rounds.Energy);
        }
    }

    private static DeepPotModel Model(in NeighborView view)
    {
        var random = new Random(11);
        const int Species = 4;
        var embedding = Enumerable.Range(0, Species).Select(_ => Network(random, 1, _embedding, linearEnd: false)).ToArray();
        var most = new int[Species];
        for (var i = 0; i < view.CenterCount; i++)
        {
            var counts = new int[Species];
            for (var n = 0; n < view.NeighborCounts[i]; n++)
            {
                counts[view.Types[view.Neighbors[i][n]]]++;
            }

            most = [.. most.Zip(counts, Math.Max)];
        }

        return new DeepPotModel
        {
            Species = [.. Enumerable.Range(0, Species).Select(s => new Species($"A{s}", 0, 0))],
            Cutoff = 7.0,
            SmoothFrom = 4.1,
            Places = most,
            AxisWidth = Axis,
            Scaling = [.. Enumerable.Range(0, Species).Select(_ => Enumerable.Range(0, Species).Select(_ => new EnvironmentScaling(0.05, 0.15, 0.1)).ToArray())],
            Embedding = [.. Enumerable.Range(0, Species).Select(_ => embedding)],
            Fitting = [.. Enumerable.Range(0, Species).Select(_ => Network(random, Axis * _embedding[^1], [.. _fitting, 1], linearEnd: true))],
            Bias = new double[Species],
        };
    }

    private static DenseNetwork Network(Random random, int inputs, int[] sizes, bool linearEnd)
    {
        var layers = new List<DenseLayer>();
        for (var k = 0; k < sizes.Length; k++)
        {
            var last = linearEnd && k == sizes.Length - 1;
            double[] Numbers(int count, double size) => [.. Enumerable.Range(0, count).Select(_ => size * (2 * random.NextDouble() - 1))];
            layers.Add(new DenseLayer(
                inputs, sizes[k], Numbers(inputs * sizes[k], 1.5 / Math.Sqrt(inputs)), Numbers(sizes[k], 0.5), null, last ? Activation.Linear : Activation.Tanh, !last));
            inputs = sizes[k];
        }

        return new DenseNetwork(layers, "random network");
    }

    // model.json says what lies where in model.bin, which holds doubles.
    private static void Write(string folder, DeepPotModel model, Crystal crystal, double energy)
    {
        Directory.CreateDirectory(folder);
        using var numbers = new BinaryWriter(File.Create(Path.Combine(folder, "model.bin")));
        using var text = new Utf8JsonWriter(File.Create(Path.Combine(folder, "model.json")));
        text.WriteStartObject();
        text.WriteNumber("repeats", TorchRepeats);
        text.WriteNumber("energy", energy);
        text.WriteNumber("cutoff", model.Cutoff);
        text.WriteNumber("smooth_from", model.SmoothFrom);
        text.WriteNumber("axis", model.AxisWidth);
        text.WriteNumber("places", model.PlaceCount);
        text.WriteNumber("mean", model.Scaling[0][0].Mean);
        text.WriteNumber("radial_deviation", model.Scaling[0][0].RadialDeviation);
        text.WriteNumber("angular_deviation", model.Scaling[0][0].AngularDeviation);
        Integers("types", crystal.Types);
        Integers("places_of_species", model.Places);
        var offset = 0L;
        Array("positions", crystal.Positions);
        Array("cell", [.. crystal.Cell.Rows]);
        Networks("embedding", model.Embedding[0]);
        Networks("fitting", model.Fitting);
        text.WriteEndObject();

        void Integers(string name, IEnumerable<int> values)
        {
            text.WriteStartArray(name);
            foreach (var value in values)
            {
                text.WriteNumberValue(value);
            }

            text.WriteEndArray();
        }

        void Array(string name, double[] values)
        {
            Integers(name, [(int)offset, values.Length]);
            foreach (var value in values)
            {
                numbers.Write(value);
            }

            offset += values.Length;
        }

        void Networks(string name, DenseNetwork[] networks)
        {
            for (var n = 0; n < networks.Length; n++)
            {
                for (var k = 0; k < networks[n].Layers.Count; k++)
                {
                    Array($"{name}.{n}.{k}.weights", networks[n].Layers[k].Weights);
                    Array($"{name}.{n}.{k}.bias", networks[n].Layers[k].Bias!);
                }
            }
        }
    }

    // Potentials in turn, so that whatever disturbs one disturbs the other.
    private sealed class Rounds(int atomCount, (string Name, DeepPotPotential Potential)[] all)
    {
        public double Energy { get; private set; }

        public void Measure(in NeighborView view, double seconds)
        {
            using var forces = new NativeArray<double>();
            forces.Reserve(3L * atomCount);
            var times = all.Select(_ => new List<double>()).ToArray();
            var energies = new double[all.Length];
            var virial = stackalloc double[9];
            while (times.Sum(one => one.Sum()) < 1000 * seconds || times[0].Count < 4)
            {
                for (var p = 0; p < all.Length; p++)
                {
                    var energy = 0.0;
                    new Span<double>(forces.Pointer, 3 * atomCount).Clear();
                    var begin = ThreadClock.Seconds;
                    if (all[p].Potential.Compute(view, new EvaluationBuffers { Energy = &energy, Forces = forces.Pointer, Virial = virial }).Status != EvaluationStatus.Success)
                    {
                        throw new InvalidOperationException("the benchmark's configuration cannot be computed");
                    }

                    times[p].Add(1000 * (ThreadClock.Seconds - begin));
                    energies[p] = energy;
                }
            }

            for (var p = 0; p < all.Length; p++)
            {
                times[p].Sort();
                Console.WriteLine($"{all[p].Name,-12}{times[p][0],10:f3}{times[p][times[p].Count / 2],10:f3}{energies[p],22:f10}");
                all[p].Potential.Dispose();
            }

            Energy = energies[0];
        }
    }
}
