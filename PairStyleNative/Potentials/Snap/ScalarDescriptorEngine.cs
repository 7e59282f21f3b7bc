using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>Descriptors by the scalar code, for all of LAMMPS's options.</summary>
internal sealed class ScalarDescriptorEngine : ISnapDescriptorEngine
{
    private readonly SnapNeighborhood _neighborhood;
    private readonly SnapBispectrum _kernel;
    private readonly double[] _bispectrum;

    // ∂B of one neighbour, [3][components].
    private readonly double[] _gradient;
    private double[] _derivatives = [];
    private double[] _displacements = [];
    private int[] _neighbors = [];

    /// <summary>Makes work space.</summary>
    public ScalarDescriptorEngine(SnapModel model)
    {
        _neighborhood = new SnapNeighborhood(model);
        _kernel = new SnapBispectrum(model);
        _bispectrum = new double[model.BispectrumCount];
        _gradient = new double[3 * model.BispectrumCount];
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, ISnapDescriptorConsumer consumer, bool derivatives)
    {
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var outcome = _neighborhood.Gather(atoms, place);
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }

            if (_neighborhood.CenterSpecies >= 0)
            {
                consumer.Accept(Describe(derivatives));
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private SnapAtomDescriptors Describe(bool derivatives)
    {
        var found = _neighborhood.Neighbors;
        var width = 3 * SnapAtomDescriptors.WidthOf(_kernel.Count);
        if (_neighbors.Length < found.Length)
        {
            _neighbors = new int[2 * found.Length];
            _displacements = new double[6 * found.Length];
            _derivatives = new double[2 * found.Length * width];
        }

        _kernel.Compute(_neighborhood, _bispectrum);
        for (var n = 0; n < found.Length; n++)
        {
            _neighbors[n] = found[n].Atom;
            (_displacements[3 * n], _displacements[3 * n + 1], _displacements[3 * n + 2]) = (found[n].X, found[n].Y, found[n].Z);
            if (derivatives)
            {
                _kernel.ComputeDerivatives(found[n], _gradient);
                for (var axis = 0; axis < 3; axis++)
                {
                    _gradient.AsSpan(axis * _kernel.Count, _kernel.Count).CopyTo(_derivatives.AsSpan(n * width + axis * width / 3 + 1));
                }

            }
        }

        return new SnapAtomDescriptors
        {
            Center = _neighborhood.Center,
            Species = _neighborhood.CenterSpecies,
            Bispectrum = _bispectrum,
            Neighbors = _neighbors.AsSpan(0, found.Length),
            Displacements = _displacements.AsSpan(0, 3 * found.Length),
            Derivatives = derivatives ? _derivatives.AsSpan(0, found.Length * width) : [],
        };
    }
}
