using System.Globalization;
using System.Text.RegularExpressions;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>
/// Reads a <c>ScalarMLPFunction</c> (allegro/nn/_fc.py). Its layers are generated code, whose text the module keeps: factors of weights and activations are read from it.
/// </summary>
internal static partial class AllegroNetworks
{
    public static DenseNetwork Read(TorchModule module)
    {
        var inner = module.Module("_forward");
        var code = inner.Text("_code");
        var unknown = Calls().Matches(code).Select(call => call.Groups[1].Value).FirstOrDefault(name => name is not ("matmul" or "nn.functional.silu"));
        if (unknown is not null || code.Contains("self._dropout", StringComparison.Ordinal) || code.Contains("self._bn", StringComparison.Ordinal))
        {
            throw E3nnModules.Unsupported($"a network uses '{(unknown is null ? "batch normalization or dropout" : $"torch.{unknown}")}'", inner, "silu, or no activation");
        }

        var factors = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (Match match in Factors().Matches(code))
        {
            factors[match.Groups[1].Value] = double.Parse(match.Groups[2].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        var count = factors.Count;
        var activated = Silu().Count(code);
        if (count == 0 || MatrixProducts().Count(code) != count || (activated != 0 && activated != count - 1))
        {
            throw new MofException(ErrorKind.Unsupported, "the code of a network is not as Allegro 0.2 writes it", inner.Where, "products with weights, and silu between them");
        }

        return new DenseNetwork([.. Enumerable.Range(0, count).Select(k => Layer(inner, k, factors, activated > 0 && k < count - 1))], inner.Where);
    }

    private static DenseLayer Layer(TorchModule module, int k, Dictionary<string, double> factors, bool active)
    {
        var weight = module.Tensor($"_weight_{k}");
        return weight.Shape.Count == 2 && factors.TryGetValue(k.ToString(CultureInfo.InvariantCulture), out var factor)
            ? new DenseLayer(weight.Shape[0], weight.Shape[1], [.. weight.ToDoubles().Select(one => factor * one)], null, null, active ? Activation.Silu : Activation.Linear, false)
            : throw new MofException(ErrorKind.FileFormat, $"the weights _weight_{k} of a network are no matrix, or their factor is missing", module.Where);
    }

    [GeneratedRegex(@"torch\.([\w.]+)\(")]
    private static partial Regex Calls();

    [GeneratedRegex(@"= _weight_(\d{1,3}) \* ([0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]{1,3})?);")]
    private static partial Regex Factors();

    [GeneratedRegex(@"torch\.matmul\(")]
    private static partial Regex MatrixProducts();

    [GeneratedRegex(@"torch\.nn\.functional\.silu\(")]
    private static partial Regex Silu();
}
