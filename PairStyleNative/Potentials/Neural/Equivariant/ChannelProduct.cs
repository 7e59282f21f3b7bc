using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>One way to couple features with harmonics, channel by channel: z[u][k] = factor·w[u]·Σ_ij C_ijk·x[u][i]·Y[j].</summary>
/// <param name="Input">Block of the features.</param>
/// <param name="Degree">l of the harmonics, whose numbers are all degrees from 0 on.</param>
/// <param name="Output">Block of the product, which no other path writes.</param>
/// <param name="FirstWeight">Where its weights begin among those of an edge.</param>
/// <param name="Factor">Of everything.</param>
/// <param name="Coupling">C.</param>
public sealed record CouplingPath(int Input, int Degree, int Output, int FirstWeight, double Factor, CouplingTensor Coupling);

/// <summary>The tensor product of features with the harmonics of an edge, weighted channel by channel (e3nn, <c>o3.TensorProduct</c>, mode <c>uvu</c>). Immutable.</summary>
public sealed class ChannelProduct
{
    /// <summary>Creates and checks a product.</summary>
    /// <param name="input">The features.</param>
    /// <param name="degree">The largest l of the harmonics.</param>
    /// <param name="output">The product.</param>
    /// <param name="weightCount">Weights of an edge.</param>
    /// <param name="paths">The ways.</param>
    /// <param name="where">For messages.</param>
    /// <exception cref="MofException">Blocks that are not there or do not fit the coupling, weights out of range, two paths to one block (InvalidArgument).</exception>
    public ChannelProduct(Irreps input, int degree, Irreps output, int weightCount, IReadOnlyList<CouplingPath> paths, string where)
    {
        ArgumentNullException.ThrowIfNull(paths);
        (Input, Degree, Output, WeightCount, Paths) = (input, degree, output, weightCount, paths);
        foreach (var path in paths)
        {
            var fits = (uint)path.Input < (uint)input.Count
                && (uint)path.Output < (uint)output.Count
                && (uint)path.Degree <= (uint)degree
                && input[path.Input].Irrep.Degree == path.Coupling.First
                && path.Degree == path.Coupling.Second
                && output[path.Output].Irrep.Degree == path.Coupling.Result
                && output[path.Output].Multiplicity == input[path.Input].Multiplicity;
            if (!fits)
            {
                throw new MofException(ErrorKind.InvalidArgument, $"a tensor product takes block {path.Input} of {input} and l = {path.Degree} to block {path.Output} of {output} by a coupling to l = {path.Coupling.Result}", where, "blocks that couple");
            }

            if (path.FirstWeight < 0 || path.FirstWeight + input[path.Input].Multiplicity > weightCount || !double.IsFinite(path.Factor))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"a tensor product takes weights {path.FirstWeight} to {path.FirstWeight + input[path.Input].Multiplicity - 1}", where, $"some of the {weightCount} of an edge");
            }
        }

        if (paths.Select(path => path.Output).Distinct().Count() != paths.Count)
        {
            throw new MofException(ErrorKind.InvalidArgument, "two paths of a tensor product lead to one block", where, "a block for each");
        }
    }

    /// <summary>The features.</summary>
    public Irreps Input { get; }

    /// <summary>The largest l of the harmonics.</summary>
    public int Degree { get; }

    /// <summary>The product.</summary>
    public Irreps Output { get; }

    /// <summary>Weights of an edge.</summary>
    public int WeightCount { get; }

    /// <summary>The ways.</summary>
    public IReadOnlyList<CouplingPath> Paths { get; }

    /// <summary>Adds the product, slow and obvious.</summary>
    public void Apply(double[] x, double[] harmonics, double[] weights, double[] product) =>
        Visit((i, j, k, w, c) => product[k] += c * weights[w] * x[i] * harmonics[j]);

    /// <summary>Adds the gradients by all that goes in of what has the gradient <paramref name="slope"/> by the product.</summary>
    public void Differentiate(double[] x, double[] harmonics, double[] weights, double[] slope, double[] bySource, double[] byHarmonics, double[] byWeights) =>
        Visit((i, j, k, w, c) =>
        {
            bySource[i] += c * weights[w] * harmonics[j] * slope[k];
            byHarmonics[j] += c * weights[w] * x[i] * slope[k];
            byWeights[w] += c * x[i] * harmonics[j] * slope[k];
        });

    private void Visit(Action<int, int, int, int, double> each)
    {
        foreach (var path in Paths)
        {
            var (input, output) = (Input[path.Input], Output[path.Output]);
            for (var u = 0; u < input.Multiplicity; u++)
            {
                foreach (var entry in path.Coupling.Entries)
                {
                    each(
                        Input.OffsetOf(path.Input) + u * input.Irrep.Dimension + entry.First,
                        SphericalHarmonics.OffsetOf(path.Degree) + entry.Second,
                        Output.OffsetOf(path.Output) + u * output.Irrep.Dimension + entry.Result,
                        path.FirstWeight + u,
                        path.Factor * entry.Value);
                }
            }
        }
    }
}
