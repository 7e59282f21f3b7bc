using System.Diagnostics;
using System.Globalization;
using MofInterop.ModelFiles.Mace;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.TestKit;

namespace MofInterop.Benchmarks;

/// <summary>ms of processor time per step of MACE models: energy, forces and virial, neighbour list built before.</summary>
internal static class MaceBenchmark
{
    /// <summary>Measures the reference models, or one model with one structure.</summary>
    /// <param name="lanes">8, 4 or 2; less: as hosts.</param>
    /// <param name="seconds">For each precision.</param>
    /// <param name="given">A folder with <c>weights.npz</c> and <c>hyper.json</c>, and a structure (<c>.npz</c>); empty: the reference models.</param>
    public static void Run(int lanes, double seconds, string[] given)
    {
        lanes = lanes < 2 ? Processor.WidestLanes : lanes;
        Console.WriteLine($"{"MACE",-10}{"precision",10}{"atoms",8}{"load, s",10}{"ms",10}{"median",10}{"µs/atom",10}{"energy, eV",20}   {lanes} lanes");
        if (Environment.GetEnvironmentVariable("MOFINTEROP_MACE") is { } own)
        {
            OfFiles(own.Split(';'), lanes, seconds);
            return;
        }

        if (given is [var path, var atoms, ..])
        {
            Measure(Path.GetFileNameWithoutExtension(atoms), Model(path), lanes, NumpyArray.ReadArchive(atoms), seconds);
            return;
        }

        foreach (var name in (string[])["mof801", "gst_swa", "spice", "run123"])
        {
            if (ReferenceData.Find($"mace/{name}") is not { } folder)
            {
                Console.WriteLine($"{name,-10}the reference data are absent");
                continue;
            }

            Measure(name, Model(folder), lanes, NumpyArray.ReadArchive(Path.Combine(folder, (name is "spice" or "run123" ? "own_testmol" : "own") + ".npz")), seconds);
        }
    }

    private static void Measure(string name, MaceModel model, int lanes, Dictionary<string, NumpyArray> structure, double seconds)
    {
        foreach (var precision in (NetworkPrecision[])[NetworkPrecision.Single, NetworkPrecision.Double])
        {
            Measure(name, model, lanes, precision, structure, seconds);
        }
    }

    // A model for the elements of the first of some structures: its file, then theirs (.npz: numbers, positions, cell, pbc), separated by semicolons.
    private static void OfFiles(string[] files, int lanes, double seconds)
    {
        List<Dictionary<string, NumpyArray>> structures = [.. files.Skip(1).Select(NumpyArray.ReadArchive)];
        List<Species> species = [.. structures[0]["numbers"].Values.Distinct().Order().Select(number => Elements.ByAtomicNumber((int)number)).Select(one => new Species(one.Symbol, one.AtomicNumber, one.Mass))];
        var watch = Stopwatch.StartNew();
        var model = MaceFile.Read(files[0], species);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(files[0])}: read in {watch.Elapsed.TotalSeconds:f2} s"));
        foreach (var structure in structures)
        {
            foreach (var precision in (NetworkPrecision[])[NetworkPrecision.Single, NetworkPrecision.Double])
            {
                Measure("", model, lanes, precision, structure, seconds);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   largest memory of the process {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:f0} MB"));
            }
        }
    }

    private static MaceModel Model(string folder)
    {
        var path = Path.Combine(Path.GetTempPath(), $"mofinterop-mace-{Environment.ProcessId}.safetensors");
        SafeTensorsText.Write(path, new Dictionary<string, string> { ["mace"] = File.ReadAllText(Path.Combine(folder, "hyper.json")) }, NumpyArray.ReadArchive(Path.Combine(folder, "weights.npz")));
        try
        {
            return MaceFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Measure(string name, MaceModel model, int lanes, NetworkPrecision precision, Dictionary<string, NumpyArray> structure, double seconds)
    {
        var watch = Stopwatch.StartNew();
        using var potential = new MacePotential(model, lanes, precision);
        var load = watch.Elapsed.TotalSeconds;
        var numbers = model.Species.Select(one => (double)one.AtomicNumber).ToList();
        int[] types = [.. structure["numbers"].Values.Select(number => numbers.IndexOf(number))];
        var periodic = structure["pbc"].Values[0] != 0;
        using var list = new NeighborList();
        list.Build(structure["positions"].Values, periodic ? new Cell(structure["cell"].Values) : null, periodic, periodic, periodic, potential.Cutoff + 0.5);
        var (least, median, energy) = StepTimes.Measure(potential, list, types, seconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-10}{(potential.IsSingle ? "single" : "double"),10}{types.Length,8}{load,10:f2}{least,10:f2}{median,10:f2}{1e3 * median / types.Length,10:f1}{energy,20:f6}"));
    }
}
