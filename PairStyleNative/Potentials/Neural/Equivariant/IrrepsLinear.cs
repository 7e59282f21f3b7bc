using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>What one block of the output takes from one block of the input: y[b][m] += Σ_a x[a][m]·W[a][b].</summary>
/// <param name="Input">Block of the input.</param>
/// <param name="Output">Block of the output, of the same representation.</param>
/// <param name="Weights">W with all factors in it, <c>double[input channels][output channels]</c>.</param>
public sealed record LinearPath(int Input, int Output, double[] Weights);

/// <summary>The linear maps between features that change nothing when everything is turned: channels mix within equal representations (e3nn, <c>o3.Linear</c>). Immutable.</summary>
public sealed class IrrepsLinear
{
    /// <summary>Creates and checks a map.</summary>
    /// <param name="input">What goes in.</param>
    /// <param name="output">What comes out; blocks that no path leads to are zero.</param>
    /// <param name="paths">Several may lead to one block.</param>
    /// <param name="where">For messages.</param>
    /// <exception cref="MofException">A path between blocks that are not there or not of one representation, weights of another size or not finite (InvalidArgument).</exception>
    public IrrepsLinear(Irreps input, Irreps output, IReadOnlyList<LinearPath> paths, string where)
    {
        ArgumentNullException.ThrowIfNull(paths);
        (Input, Output, Paths) = (input, output, paths);
        foreach (var path in paths)
        {
            if ((uint)path.Input >= (uint)input.Count || (uint)path.Output >= (uint)output.Count || input[path.Input].Irrep != output[path.Output].Irrep)
            {
                throw new MofException(ErrorKind.InvalidArgument, $"a linear layer takes block {path.Input} of {input} to block {path.Output} of {output}", where, "blocks of one representation");
            }

            if (path.Weights.Length != input[path.Input].Multiplicity * output[path.Output].Multiplicity || !Array.TrueForAll(path.Weights, double.IsFinite))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"a linear layer from {input[path.Input].Multiplicity} to {output[path.Output].Multiplicity} channels has {path.Weights.Length} weights", where, "one finite number for each pair");
            }
        }
    }

    /// <summary>What goes in.</summary>
    public Irreps Input { get; }

    /// <summary>What comes out.</summary>
    public Irreps Output { get; }

    /// <summary>The paths.</summary>
    public IReadOnlyList<LinearPath> Paths { get; }

    /// <summary>This map and then another, as one.</summary>
    /// <exception cref="MofException">The other takes something else (InvalidArgument).</exception>
    public IrrepsLinear Then(IrrepsLinear next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (!next.Input.Equals(Output))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a linear layer takes {next.Input}", expected: $"{Output}, what comes before");
        }

        var paths = new List<LinearPath>();
        foreach (var first in Paths)
        {
            foreach (var second in next.Paths.Where(path => path.Input == first.Output))
            {
                int inputs = Input[first.Input].Multiplicity, middle = Output[first.Output].Multiplicity, outputs = next.Output[second.Output].Multiplicity;
                var weights = new double[inputs * outputs];
                for (var k = 0; k < weights.Length; k++)
                {
                    weights[k] = Enumerable.Range(0, middle).Sum(b => first.Weights[k / outputs * middle + b] * second.Weights[b * outputs + k % outputs]);
                }

                paths.Add(new LinearPath(first.Input, second.Output, weights));
            }
        }

        return new IrrepsLinear(Input, next.Output, paths, "linear layers");
    }

    /// <summary>This map with all results multiplied by a number.</summary>
    public IrrepsLinear Times(double factor) => new(Input, Output, [.. Paths.Select(path => path with { Weights = [.. path.Weights.Select(one => factor * one)] })], "linear layer");

    /// <summary>The map, slow and obvious.</summary>
    public double[] Apply(double[] x)
    {
        var y = new double[Output.Width];
        Visit((i, o, weight) => y[o] += weight * x[i]);
        return y;
    }

    /// <summary>The gradient by the input of what has this gradient by the output.</summary>
    public double[] ApplyTransposed(double[] gradient)
    {
        var x = new double[Input.Width];
        Visit((i, o, weight) => x[i] += weight * gradient[o]);
        return x;
    }

    private void Visit(Action<int, int, double> each)
    {
        foreach (var path in Paths)
        {
            int dimension = Input[path.Input].Irrep.Dimension, outputs = Output[path.Output].Multiplicity;
            for (var a = 0; a < Input[path.Input].Multiplicity; a++)
            {
                for (var b = 0; b < outputs; b++)
                {
                    for (var m = 0; m < dimension; m++)
                    {
                        each(Input.OffsetOf(path.Input) + a * dimension + m, Output.OffsetOf(path.Output) + b * dimension + m, path.Weights[a * outputs + b]);
                    }
                }
            }
        }
    }
}
