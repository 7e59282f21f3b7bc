using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.Equivariant;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>
/// The tensor product of an edge's features with those of its center's environment, channel by channel: z_uk = Σ C_ijk·x_ui·y_uj, all paths with their factors in one sparse C, scalars first
/// (allegro/nn/_strided/_contract.py). Immutable.
/// </summary>
/// <param name="First">Numbers of a channel of the edge.</param>
/// <param name="Second">Numbers of a channel of the environment.</param>
/// <param name="Result">Numbers of a channel of the product.</param>
/// <param name="Scalars">How many of those, from the first on, are scalars: what the latent networks see.</param>
/// <param name="Entries">What is not zero of C; indices run over all representations.</param>
public sealed record AllegroProduct(int First, int Second, int Result, int Scalars, IReadOnlyList<CouplingEntry> Entries)
{
    /// <summary>z += C·x·y for every channel.</summary>
    internal void Apply(int channels, double[] x, double[] y, double[] z)
    {
        for (var u = 0; u < channels; u++)
        {
            foreach (var one in Entries)
            {
                z[u * Result + one.Result] += one.Value * x[u * First + one.First] * y[u * Second + one.Second];
            }
        }
    }

    /// <summary>Gradients by x and y are added to.</summary>
    internal void Differentiate(int channels, double[] x, double[] y, double[] byZ, double[] byX, double[] byY)
    {
        for (var u = 0; u < channels; u++)
        {
            foreach (var one in Entries)
            {
                var slope = one.Value * byZ[u * Result + one.Result];
                byX[u * First + one.First] += slope * y[u * Second + one.Second];
                byY[u * Second + one.Second] += slope * x[u * First + one.First];
            }
        }
    }

    internal void Check(string where)
    {
        if (First < 1 || Second < 1 || Scalars < 1 || Scalars > Result || Entries.Any(one => (uint)one.First >= (uint)First || (uint)one.Second >= (uint)Second || (uint)one.Result >= (uint)Result || !double.IsFinite(one.Value)))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the tensor product of {where} has couplings outside of {First} × {Second} → {Result}", expected: "finite couplings of numbers that are there");
        }
    }
}
