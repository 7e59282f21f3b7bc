using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>The network within what NequIP wraps around it when it deploys a model, its own or Allegro's.</summary>
internal static class DeployedNetwork
{
    private const int MostWrappers = 10;

    /// <summary>Finds it.</summary>
    /// <param name="module">The root of the file.</param>
    /// <param name="path">The file.</param>
    /// <returns>The sequence of modules, and what energies are multiplied by behind it.</returns>
    /// <exception cref="MofException">A wrapper that is not known, or that shifts the total energy (Unsupported); too many (FileFormat).</exception>
    public static (TorchModule Network, double ScaleBy) Unwrap(TorchModule module, string path)
    {
        var scaleBy = 1.0;
        for (var depth = 0; depth < MostWrappers; depth++)
        {
            switch (module.Object.ShortName)
            {
                case "GraphModel":
                    module = module.Module("model");
                    break;
                case "RescaleOutput":
                    if (module.Find("has_shift") is true)
                    {
                        throw E3nnModules.Unsupported("the total energy is shifted (global_rescale_shift)", module, "shifts by species");
                    }

                    scaleBy *= module.Find("has_scale") is false ? 1 : module.Number("scale_by");
                    module = module.Module("model");
                    break;
                case "StressOutput" or "GradientOutput" or "PartialForceOutput" or "ForceStressOutput":
                    module = module.Module("func");
                    break;
                case "SequentialGraphNetwork":
                    return (module, scaleBy);
                default:
                    throw E3nnModules.Unsupported($"the model is wrapped in '{module.Object.ShortName}'", module, "RescaleOutput, StressOutput, GradientOutput");
            }
        }

        throw new MofException(ErrorKind.FileFormat, "the model is wrapped too often", path);
    }

    /// <summary>The names of a model's types, in their order.</summary>
    public static string[] Labels(TorchArchive archive, TorchModule root) =>
        archive.Text("extra/type_names")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } written
            ? written
            : root.Find("type_names") is PickledSequence { Values.Count: > 0 } known ? [.. known.Values.OfType<string>()] : throw new MofException(ErrorKind.FileFormat, "the file does not tell the names of its types", root.Where, "extra/type_names");

    /// <summary>Species of these labels: those that are given, else elements, else without number and mass.</summary>
    public static Species[] SpeciesOf(IReadOnlyList<string> labels, IReadOnlyList<Species> given) => [.. labels.Select(label => given.FirstOrDefault(one => one.Label == label) ?? Named(label))];

    private static Species Named(string label) => Elements.TryBySymbol(label, out var element) ? new Species(label, element!.AtomicNumber, element.Mass) : new Species(label, 0, 0);
}
