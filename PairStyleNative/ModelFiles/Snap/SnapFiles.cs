using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles.Snap;

/// <summary>A SNAP model as its pair of LAMMPS files.</summary>
public static class SnapFiles
{
    /// <summary>The ending of coefficient files.</summary>
    public const string CoefficientExtension = ".snapcoeff";

    /// <summary>The ending of parameter files.</summary>
    public const string ParameterExtension = ".snapparam";

    /// <summary>The parameter file that belongs to a coefficient file: the same stem beside it.</summary>
    public static string ParameterPathOf(string coefficientPath) => Path.ChangeExtension(coefficientPath, ParameterExtension);

    /// <summary>Reads a model.</summary>
    /// <exception cref="MofException">See <see cref="SnapParameterFile.Read"/> and <see cref="SnapCoefficientFile.Read"/>.</exception>
    public static SnapModel Read(string coefficientPath, string parameterPath)
    {
        var (parameters, innerSwitching) = SnapParameterFile.Read(parameterPath);
        var species = SnapCoefficientFile.Read(coefficientPath, parameters);
        species = innerSwitching?.ApplyTo(species) ?? species;
        try
        {
            return new SnapModel(parameters, species);
        }
        catch (MofException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            throw new MofException(ErrorKind.FileFormat, e.What, e.Where ?? coefficientPath, e.Expected, e.Remedy, e);
        }
    }

    /// <summary>Writes a model as two files that read back as the same model to the last bit.</summary>
    /// <param name="model">The model; its grades, atomic numbers and masses have no place in these files.</param>
    /// <param name="coefficientPath">Replaced in one rename.</param>
    /// <param name="parameterPath">Replaced in one rename.</param>
    /// <param name="comment">Lines for the head of both files, or null.</param>
    /// <exception cref="MofException">A file cannot be written.</exception>
    public static void Write(SnapModel model, string coefficientPath, string parameterPath, string? comment = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        SnapParameterFile.Write(parameterPath, model, comment);
        SnapCoefficientFile.Write(coefficientPath, model, comment);
    }
}
