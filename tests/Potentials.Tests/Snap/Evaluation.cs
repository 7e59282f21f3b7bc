using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>Something that computes what <see cref="IPotential.Compute"/> computes.</summary>
internal delegate EvaluationOutcome Computation(in NeighborView atoms, in EvaluationBuffers buffers);

/// <summary>All results of one computation, images folded onto their owners.</summary>
internal sealed unsafe class Evaluation
{
    private Evaluation(int atoms)
    {
        Forces = new double[3 * atoms];
        AtomEnergies = new double[atoms];
        AtomVirials = new double[9 * atoms];
    }

    public EvaluationOutcome Outcome { get; private set; }

    public double Energy { get; private set; }

    public double[] Forces { get; private set; }

    public double[] Virial { get; } = new double[9];

    public double[] AtomEnergies { get; private set; }

    public double[] AtomVirials { get; private set; }

    public double[] Grades { get; private set; } = [];

    /// <summary>Computes atoms in a periodic cell, or a molecule (no cell).</summary>
    public static Evaluation Of(Computation compute, double cutoff, double[] positions, int[] types, Cell? cell, double[]? scales = null)
    {
        using var list = new NeighborList();
        var periodic = cell is not null;
        list.Build(positions, cell, periodic, periodic, periodic, cutoff);
        var result = new Evaluation(list.AtomCount);
        var energy = 0.0;
        fixed (double* forces = result.Forces, virial = result.Virial, energies = result.AtomEnergies, virials = result.AtomVirials, grades = result.Grades = new double[list.AtomCount], scale = scales)
        {
            var buffers = new EvaluationBuffers { Energy = &energy, Forces = forces, Virial = virial, AtomEnergies = energies, AtomVirials = virials, Grades = grades };
            result.Outcome = compute(list.View(types) with { ScaleOfType = scale }, buffers);
            list.FoldImages(forces, 3);
            list.FoldImages(virials, 9);
        }

        result.Energy = energy;
        result.Forces = result.Forces[..positions.Length];
        result.AtomEnergies = result.AtomEnergies[..types.Length];
        result.AtomVirials = result.AtomVirials[..(9 * types.Length)];
        result.Grades = result.Grades[..types.Length];
        return result;
    }

    public static Evaluation Of(IPotential potential, double[] positions, int[] types, Cell? cell, double[]? scales = null) =>
        Of(potential.Compute, potential.Cutoff, positions, types, cell, scales);
}
