using System.Collections.Concurrent;
using MofInterop.ModelFiles.Mace;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Neural;

/// <summary>Models and structures that MACE itself was run with; what they are is told beside them.</summary>
internal static class MaceData
{
    /// <summary>The folder of a model.</summary>
    public static string Folder(string model)
    {
        var folder = ReferenceData.Find($"mace/{model}");
        Skip.If(folder is null, "the reference data are not here");
        return folder!;
    }

    private static readonly ConcurrentDictionary<(string, bool), MaceModel> _models = new();

    /// <summary>A model from its description and numbers, by way of a converted file; <c>pickled</c>: from the file that MACE saved.</summary>
    public static MaceModel Model(string model, bool pickled = false) => _models.GetOrAdd((model, pickled), _ => Read(model, pickled));

    /// <summary>The symmetric part, which is all that a symmetric strain feels: with couplings rounded to single precision energies are not quite the same when everything is turned.</summary>
    public static double[] Symmetric(double[] tensor) => [.. Enumerable.Range(0, 9).Select(m => 0.5 * (tensor[m] + tensor[m % 3 * 3 + m / 3]))];

    private static MaceModel Read(string model, bool pickled)
    {
        var folder = Folder(model);
        if (pickled)
        {
            return MaceFile.Read(Path.Combine(folder, model + ".model"));
        }

        var path = Path.Combine(Path.GetTempPath(), $"mofinterop-mace-{model}-{Guid.NewGuid():n}.safetensors");
        try
        {
            SafeTensorsText.Write(path, new Dictionary<string, string> { ["mace"] = File.ReadAllText(Path.Combine(folder, "hyper.json")) }, NumpyArray.ReadArchive(Path.Combine(folder, "weights.npz")));
            return MaceFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A structure with what MACE computed for it.</summary>
    public static MaceCase Case(string model, string structure)
    {
        var arrays = NumpyArray.ReadArchive(Path.Combine(Folder(model), structure + ".npz"));
        return new MaceCase(
            [.. arrays["numbers"].Values.Select(number => (int)number)],
            arrays["positions"].Values,
            arrays["pbc"].Values.All(one => one != 0) ? new Cell(arrays["cell"].Values) : null,
            arrays["node_energy"].Values,
            arrays["forces"].Values,
            arrays.GetValueOrDefault("virials")?.Values);
    }
}

/// <summary>A structure with energies, eV, forces, eV/Å, and the virial, eV.</summary>
internal sealed record MaceCase(int[] Numbers, double[] Positions, Cell? Cell, double[] AtomEnergies, double[] Forces, double[]? Virial)
{
    /// <summary>Species indices of a model.</summary>
    public int[] Types(MaceModel model) => [.. Numbers.Select(number => model.Species.Select(one => one.AtomicNumber).ToList().IndexOf(number))];
}
