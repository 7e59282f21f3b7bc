using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>One configuration with LAMMPS's answers, and the model that gave them.</summary>
internal sealed class LammpsCase
{
    private readonly SnapReferenceCase _data;

    private LammpsCase(SnapReferenceCase data)
    {
        _data = data;
        Model = SnapFiles.Read(data.CoefficientFile, data.ParameterFile);
        Cell = new Cell(data.Cell);
        Types = [.. data.Labels.Select(Model.IndexOf)];
    }

    public SnapModel Model { get; }

    public Cell Cell { get; }

    /// <summary>The cell vectors, as <see cref="Cell"/> takes them.</summary>
    public double[] CellRows => _data.Cell;

    public double[] Positions => _data.Positions;

    public int[] Types { get; }

    public double Energy => _data.Energy;

    public double[] Forces => _data.Forces;

    public double[] AtomEnergies => _data.AtomEnergies;

    public double[] Virial => _data.Virial;

    /// <summary>[natoms][6], LAMMPS order, eV.</summary>
    public double[] AtomVirials => _data.AtomVirials;

    public double[]? Bispectrum => _data.Bispectrum;

    public static LammpsCase Load(string name)
    {
        var data = SnapReferenceCase.Find(name);
        Skip.If(data is null, "reference data absent");
        return new LammpsCase(data!);
    }
}
