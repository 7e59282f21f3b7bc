using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// SNAP energies, forces and virials by the definition: bispectrum components, their derivatives, and a sum with the
/// coefficients. Slow and obvious, all of LAMMPS's options; the yardstick of the fast kernel. One instance serves one thread.
/// </summary>
public sealed unsafe class SnapReference
{
    private readonly SnapModel _model;
    private readonly SnapNeighborhood _neighborhood;
    private readonly SnapBispectrum _kernel;
    private readonly double[] _bispectrum;
    private readonly double[] _slopes;
    private readonly double[] _derivatives;

    /// <summary>Makes work space for a model.</summary>
    public SnapReference(SnapModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _neighborhood = new SnapNeighborhood(model);
        _kernel = new SnapBispectrum(model);
        _bispectrum = new double[_kernel.Count];
        _slopes = new double[_kernel.Count];
        _derivatives = new double[3 * _kernel.Count];
    }

    /// <summary>Adds energy, forces and virials of the centers to the buffers; see <see cref="IPotential.Compute"/>.</summary>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var outcome = _neighborhood.Gather(atoms, place);
            if (outcome.Status == EvaluationStatus.Success && _neighborhood.CenterSpecies >= 0)
            {
                outcome = ComputeCenter(buffers, atoms.ScaleOf(_neighborhood.Center));
            }

            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }
        }

        return EvaluationOutcome.Success;
    }

    private EvaluationOutcome ComputeCenter(in EvaluationBuffers buffers, double scale)
    {
        var i = _neighborhood.Center;
        _kernel.Compute(_neighborhood, _bispectrum);
        if (buffers.Grades is not null && _model.Grades is not null)
        {
            buffers.Grades[i] += _model.Grades.Grade(_neighborhood.CenterSpecies, _bispectrum);
        }

        var energy = scale * SnapQuadratic.EnergyAndSlopes(_model.Species[_neighborhood.CenterSpecies].Coefficients, _bispectrum, _slopes);
        if (!double.IsFinite(energy))
        {
            return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, i);
        }

        if (buffers.Energy is not null)
        {
            *buffers.Energy += energy;
        }

        if (buffers.AtomEnergies is not null)
        {
            buffers.AtomEnergies[i] += energy;
        }

        if (buffers.Forces is null && buffers.Virial is null && buffers.AtomVirials is null)
        {
            return EvaluationOutcome.Success;
        }

        foreach (ref readonly var neighbor in _neighborhood.Neighbors)
        {
            _kernel.ComputeDerivatives(neighbor, _derivatives);
            Scatter(buffers, i, neighbor, scale);
        }

        return EvaluationOutcome.Success;
    }

    private void Scatter(in EvaluationBuffers buffers, int i, in SnapNeighbor neighbor, double scale)
    {
        var j = neighbor.Atom;
        var r = stackalloc double[3] { neighbor.X, neighbor.Y, neighbor.Z };
        var force = stackalloc double[3];
        for (var k = 0; k < 3; k++)
        {
            for (var a = 0; a < _slopes.Length; a++)
            {
                force[k] -= scale * _slopes[a] * _derivatives[k * _slopes.Length + a];
            }

            if (buffers.Forces is not null)
            {
                buffers.Forces[3L * j + k] += force[k];
                buffers.Forces[3L * i + k] -= force[k];
            }
        }

        for (var m = 0; m < 9; m++)
        {
            var w = r[m / 3] * force[m % 3];
            if (buffers.Virial is not null)
            {
                buffers.Virial[m] += w;
            }

            if (buffers.AtomVirials is not null)
            {
                buffers.AtomVirials[9L * i + m] += 0.5 * w;
                buffers.AtomVirials[9L * j + m] += 0.5 * w;
            }
        }
    }
}
