using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Mace;

/// <summary>The numbers of a description by name, with errors that tell which.</summary>
internal sealed class MaceTensors(MaceDescription description)
{
    /// <summary>Whether there are numbers of that name.</summary>
    public bool Has(string name) => description.Tensors.ContainsKey(name);

    /// <summary>All numbers, whatever their shape.</summary>
    public double[] Vector(string name) => Of(name).Values;

    /// <summary>The number of a head, of those that have one each or of one for all.</summary>
    public double OfHead(string name, int head, int heads) => Of(name).Values switch
    {
        [var number] => number,
        var numbers when numbers.Length == heads => numbers[head],
        _ => throw Wrong(name, $"{heads} numbers, one for each head"),
    };

    /// <summary>One number.</summary>
    public double Number(string name) => Of(name) is { Values: [var number] } ? number : throw Wrong(name, "one number");

    /// <summary>Numbers of known shape.</summary>
    public double[] Shaped(string name, params int[] shape) => Of(name).Shape.SequenceEqual(shape) ? Of(name).Values : throw Wrong(name, $"[{string.Join(", ", shape)}]");

    /// <summary>A matrix of any size.</summary>
    public (IReadOnlyList<int> Shape, double[] Values) Matrix(string name) => Of(name) is { Shape.Count: 2 } matrix ? (matrix.Shape, matrix.Values) : throw Wrong(name, "a matrix");

    private MaceTensor Of(string name) => description.Tensors.GetValueOrDefault(name) ?? throw new MofException(ErrorKind.FileFormat, $"the model has no tensor '{name}'", description.Where);

    private MofException Wrong(string name, string expected) =>
        new(ErrorKind.FileFormat, $"the tensor '{name}' has the shape [{string.Join(", ", Of(name).Shape)}]", description.Where, expected);
}
