using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Networks;

/// <summary>What a neuron makes of its input.</summary>
public enum Activation
{
    /// <summary>x.</summary>
    Linear,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1/(1 + e^−x).</summary>
    Sigmoid,

    /// <summary>x/(1 + e^−x).</summary>
    Silu,

    /// <summary>ln(1 + e^x).</summary>
    Softplus,

    /// <summary>x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))), as DeePMD-kit has it.</summary>
    Gelu,
}

/// <summary>Activations of one number: the definition, which vector code is tested against.</summary>
public static class ActivationFunction
{
    private const double GeluScale = 0.79788456080286535588, GeluCubic = 0.044715;

    /// <summary>Value and derivative.</summary>
    public static (double Value, double Slope) At(Activation activation, double x)
    {
        switch (activation)
        {
            case Activation.Linear:
                return (x, 1);
            case Activation.Tanh:
                var t = Math.Tanh(x);
                return (t, 1 - t * t);
            case Activation.Sigmoid:
                var s = Sigmoid(x);
                return (s, s * (1 - s));
            case Activation.Silu:
                var share = Sigmoid(x);
                return (x * share, share * (1 + x * (1 - share)));
            case Activation.Softplus:
                return (Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))), Sigmoid(x));
            case Activation.Gelu:
                var inner = Math.Tanh(GeluScale * (x + GeluCubic * x * x * x));
                return (0.5 * x * (1 + inner), 0.5 * (1 + inner) + 0.5 * x * (1 - inner * inner) * GeluScale * (1 + 3 * GeluCubic * x * x));
            default:
                throw new MofException(ErrorKind.InvalidArgument, $"the activation {(int)activation} is unknown");
        }
    }

    /// <summary>Second derivative.</summary>
    public static double CurvatureAt(Activation activation, double x)
    {
        switch (activation)
        {
            case Activation.Linear:
                return 0;
            case Activation.Tanh:
                var t = Math.Tanh(x);
                return -2 * t * (1 - t * t);
            case Activation.Sigmoid:
                var s = Sigmoid(x);
                return s * (1 - s) * (1 - 2 * s);
            case Activation.Silu:
                var share = Sigmoid(x);
                return share * (1 - share) * (2 + x * (1 - 2 * share));
            case Activation.Softplus:
                var slope = Sigmoid(x);
                return slope * (1 - slope);
            case Activation.Gelu:
                var inner = Math.Tanh(GeluScale * (x + GeluCubic * x * x * x));
                double first = GeluScale * (1 + 3 * GeluCubic * x * x), rest = 1 - inner * inner;
                return rest * first + 0.5 * x * rest * (6 * GeluScale * GeluCubic * x - 2 * inner * first * first);
            default:
                throw new MofException(ErrorKind.InvalidArgument, $"the activation {(int)activation} is unknown");
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
