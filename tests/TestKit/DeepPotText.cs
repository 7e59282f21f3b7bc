using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MofInterop.TestKit;

/// <summary>The text of a small model as DeePMD-kit serializes it: types Zn and O, embedding 1-2-4, axis 1, fitting 4-3-1. Weights count upwards.</summary>
public static class DeepPotText
{
    private const string Writer = """
        import itertools, json, sys
        import h5py, numpy, yaml
        source, target, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
        model = yaml.load(open(source), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        counter = itertools.count()
        with h5py.File(target, "w", **options.get("file", {})) as file:
            def walk(node, inside=False):
                if isinstance(node, dict):
                    if node.get("@class") == "np.ndarray":
                        data = numpy.array(node["value"], dtype=options.get("dtype", node["dtype"]))
                        return file.create_dataset(f"variable_{next(counter):04d}", data=data, **options.get("dataset", {})).name
                    return {key: walk(value) for key, value in node.items()}
                return [walk(value) for value in node] if isinstance(node, list) else node
            file.attrs["json"] = json.dumps(walk(model), separators=(",", ":"))
        """;

    /// <summary>Writes a model given as YAML in DeePMD-kit's own format, by h5py as DeePMD-kit does.</summary>
    /// <param name="yaml">The file to take it from.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="options">JSON: <c>file</c>, <c>dataset</c>: options of h5py; <c>dtype</c>.</param>
    /// <returns><paramref name="target"/>, or null where there is no Python with h5py and yaml.</returns>
    public static string? WriteHdf5(string yaml, string target, string options)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Writer, yaml, target, options]) { RedirectStandardError = true };
        if (!File.Exists(start.FileName))
        {
            return null;
        }

        using var python = Process.Start(start)!;
        var error = python.StandardError.ReadToEnd();
        python.WaitForExit();
        return error.Contains("ModuleNotFoundError", StringComparison.Ordinal) ? null
            : python.ExitCode == 0 ? target
            : throw new InvalidOperationException(error);
    }

    /// <summary>The text, as YAML.</summary>
    public static string Of(bool oneSided = true)
    {
        var counter = 0;
        double Next() => Math.Sin(++counter) * 0.5;
        var text = new StringBuilder("backend: PyTorch\nsoftware: deepmd-kit\nmodel:\n  \"@class\": Model\n  \"@version\": 2\n  type: standard\n  type_map: [Zn, O]\n");
        text.Append("  atom_exclude_types: []\n  pair_exclude_types: []\n  rcond: null\n  preset_out_bias: null\n  \"@variables\":\n");
        Array(text, 4, "out_bias", "[[[0.25], [0.5]]]");
        Array(text, 4, "out_std", "[[[1.0], [2.0]]]");
        text.Append("  descriptor:\n    \"@class\": Descriptor\n    \"@version\": 2\n    type: se_e2_a\n    rcut: 5.0\n    rcut_smth: 1.0\n    sel: [2, 3]\n    axis_neuron: 1\n");
        text.Append(CultureInfo.InvariantCulture, $"    type_one_side: {(oneSided ? "true" : "false")}\n    exclude_types: []\n    env_protection: 0.0\n    spin: null\n    precision: float64\n    trainable: true\n");
        text.Append("    \"@variables\":\n");
        Array(text, 6, "davg", Rows("0.1, 0.0, 0.0, 0.0"));
        Array(text, 6, "dstd", Rows("0.5, 0.25, 0.25, 0.25"));
        Collection(text, 4, "embeddings", "embedding_network", oneSided ? 1 : 2, oneSided ? 2 : 4, [(1, 2, true), (2, 4, true)], Next);
        text.Append("  fitting:\n    \"@class\": Fitting\n    \"@version\": 3\n    type: ener\n    numb_fparam: 0\n    numb_aparam: 0\n    atom_ener: null\n    spin: null\n    mixed_types: false\n    exclude_types: []\n    var_name: energy\n    \"@variables\":\n");
        Array(text, 6, "bias_atom_e", "[[[-10.0], [-20.0]]]");
        text.Append("      fparam_avg: null\n");
        Collection(text, 4, "nets", "fitting_network", 1, 2, [(4, 3, true), (3, 1, false)], Next);
        return text.ToString();
    }

    private static string Rows(string row) => "[" + string.Join(", ", Enumerable.Repeat("[" + string.Join(", ", Enumerable.Repeat($"[{row}]", 5)) + "]", 2)) + "]";

    private static void Array(StringBuilder text, int indent, string key, string values)
    {
        var space = new string(' ', indent);
        text.Append(CultureInfo.InvariantCulture, $"{space}{key}:\n{space}  \"@class\": np.ndarray\n{space}  \"@is_variable\": true\n{space}  \"@version\": 1\n{space}  dtype: float64\n{space}  value: {values}\n");
    }

    private static void Collection(StringBuilder text, int indent, string key, string type, int dimensions, int count, (int Inputs, int Outputs, bool Activated)[] layers, Func<double> next)
    {
        var space = new string(' ', indent);
        text.Append(CultureInfo.InvariantCulture, $"{space}{key}:\n{space}  \"@class\": NetworkCollection\n{space}  \"@version\": 1\n{space}  ndim: {dimensions}\n{space}  ntypes: 2\n{space}  network_type: {type}\n{space}  networks:\n");
        for (var n = 0; n < count; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{space}    - \"@class\": Network\n{space}      \"@version\": 1\n{space}      layers:\n");
            foreach (var (inputs, outputs, activated) in layers)
            {
                text.Append(CultureInfo.InvariantCulture, $"{space}        - \"@class\": Layer\n{space}          \"@version\": 1\n{space}          activation_function: {(activated ? "tanh" : "none")}\n{space}          resnet: {(activated ? "true" : "false")}\n{space}          \"@variables\":\n");
                Array(text, indent + 12, "w", "[" + string.Join(", ", Enumerable.Range(0, inputs).Select(_ => "[" + Numbers(outputs, next) + "]")) + "]");
                Array(text, indent + 12, "b", "[" + Numbers(outputs, next) + "]");
                text.Append(CultureInfo.InvariantCulture, $"{space}            idt: null\n");
            }
        }
    }

    private static string Numbers(int count, Func<double> next) => string.Join(", ", Enumerable.Range(0, count).Select(_ => next().ToString("R", CultureInfo.InvariantCulture)));
}
