using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>How what an edge knows goes to zero at the cutoff of a layer.</summary>
public enum EnvelopeKind
{
    /// <summary>1 − (p+1)(p+2)/2·u^p + p(p+2)·u^(p+1) − p(p+1)/2·u^(p+2), u = r/cutoff; the shape is p.</summary>
    Polynomial,

    /// <summary>1: what an edge knows goes to zero by what the first network takes. The shape means nothing.</summary>
    None,

    /// <summary>1 up to start·cutoff, then ½(1 + cos π·(r − start·cutoff)/(cutoff − start·cutoff)); the shape is start.</summary>
    Cosine,
}

/// <summary>A function that goes from 1 to 0 at a distance (allegro/nn/cutoffs.py).</summary>
/// <param name="Kind">Which.</param>
/// <param name="Shape">p, or where the cosine begins, as a part of the cutoff.</param>
public readonly record struct EdgeEnvelope(EnvelopeKind Kind, double Shape)
{
    /// <summary>Value and slope, 1/Å; both are zero from the cutoff on.</summary>
    public (double Value, double Slope) At(double r, double cutoff)
    {
        if (r >= cutoff)
        {
            return default;
        }

        if (Kind == EnvelopeKind.None)
        {
            return (1, 0);
        }

        if (Kind == EnvelopeKind.Cosine)
        {
            double start = Shape * cutoff, k = Math.PI / (cutoff - start);
            var (sine, cosine) = Math.SinCos(k * (r - start));
            return r < start ? (1, 0) : (0.5 * (1 + cosine), -0.5 * k * sine);
        }

        double p = Shape, u = r / cutoff, power = Math.Pow(u, p - 1);
        var value = 1 - power * u * ((p + 1) * (p + 2) / 2 - u * (p * (p + 2) - u * (p * (p + 1) / 2)));
        // The derivative is −p(p+1)(p+2)/2·u^(p−1)·(1 − u)².
        return (value, -p * (p + 1) * (p + 2) / 2 * power * (1 - u) * (1 - u) / cutoff);
    }

    internal void Check()
    {
        if (Kind != EnvelopeKind.None && (Kind == EnvelopeKind.Polynomial ? !(Shape >= 2 && Shape <= 100) : !(Shape >= 0 && Shape < 1)))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the cutoff function has the shape {Shape}", expected: Kind == EnvelopeKind.Polynomial ? "a power from 2 to 100" : "a start from 0 to below 1");
        }
    }
}
