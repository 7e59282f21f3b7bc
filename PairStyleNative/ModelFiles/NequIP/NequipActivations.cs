using System.Text.RegularExpressions;
using MofInterop.ModelFiles.Torch;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>
/// Which functions activate scalars and gates of either parity. The modules of a model don't tell: <c>extra/config</c> names them, later versions only use them in their code; and e3nn's factors (one over the root of the mean square for normally
/// distributed input, from a million random numbers) are constants of the compiled code.
/// </summary>
internal sealed partial class NequipActivations
{
    // Random numbers give the mean square to about a thousandth.
    private const double Tolerance = 0.01;

    private static readonly Dictionary<string, Activation> _known = new(StringComparer.Ordinal) { ["silu"] = Activation.Silu, ["tanh"] = Activation.Tanh };

    private readonly string _where;
    private readonly string _config;
    private readonly double[] _factors;
    private readonly string[] _inCode;

    /// <summary>Takes what the archive tells.</summary>
    public NequipActivations(TorchArchive archive, string where)
    {
        _where = where;
        _config = archive.Text("extra/config") ?? "";
        _inCode = [.. archive.RecordNames
            .Where(name => name.StartsWith("code/__torch__/e3nn/math/_normalize_activation", StringComparison.Ordinal) && name.EndsWith(".py", StringComparison.Ordinal))
            .Select(name => Function().Match(archive.Text(name)!).Groups[1].Value)
            .Where(name => name.Length > 0)
            .Distinct()];
        _factors = [.. archive.Constants().OfType<TorchTensor>().Where(one => one.Count == 1).Select(one => one.ToScalar())];
    }

    /// <summary>The function of scalars, also of the hidden layers of radial networks.</summary>
    public (Activation Kind, double Factor) Scalar(int parity) => Find("nonlinearity_scalars", parity);

    /// <summary>The function of gates.</summary>
    public (Activation Kind, double Factor) Gate(int parity) => Find("nonlinearity_gates", parity);

    private (Activation Kind, double Factor) Find(string key, int parity)
    {
        var name = Configured(key, parity > 0 ? "e" : "o") ?? InCode(parity > 0 ? "silu" : "tanh");
        if (!_known.TryGetValue(name, out var kind))
        {
            throw new MofException(ErrorKind.Unsupported, $"the activation function '{name}' ({key})", $"{_where}, extra/config", string.Join(", ", _known.Keys), "Use a model without it, or NequIP itself.");
        }

        var exact = 1 / Math.Sqrt(MeanSquare(kind));
        var factor = _factors.OrderBy(one => Math.Abs(one - exact)).FirstOrDefault(exact * 2);
        return Math.Abs(factor - exact) < Tolerance * exact
            ? (kind, factor)
            : throw new MofException(ErrorKind.FileFormat, $"the factor of the activation '{name}' is not among the constants of the model", _where, $"about {exact:f3}");
    }

    // What most models have, unless the code of the file has only another one.
    private string InCode(string usual) => _inCode.Length == 0 || _inCode.Contains(usual) || (_inCode.All(_known.ContainsKey) && _inCode.Length > 1) ? usual : _inCode[0];

    // Two levels of plain YAML: the config holds Python objects that no reader of data should make.
    private string? Configured(string key, string parity)
    {
        var inside = false;
        foreach (var line in _config.Split('\n'))
        {
            if (inside && line.StartsWith($"  {parity}:", StringComparison.Ordinal))
            {
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }

            inside = line.TrimEnd() == key + ":" || (inside && line.StartsWith(' '));
        }

        return null;
    }

    [GeneratedRegex(@"torch\.(?!mul\b)(\w+)\(")]
    private static partial Regex Function();

    // ∫ f² of the normal distribution.
    private static double MeanSquare(Activation kind)
    {
        const double Step = 0.01;
        double sum = 0, norm = 0;
        for (var x = -10.0; x <= 10; x += Step)
        {
            var weight = Math.Exp(-0.5 * x * x);
            var value = ActivationFunction.At(kind, x).Value;
            sum += weight * value * value;
            norm += weight;
        }

        return sum / norm;
    }
}
