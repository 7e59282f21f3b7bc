using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Quadratic models in the fast kernel: E = β₀ + β·B + ½ Bᵀ·α·B has the gradient (β + α·B)·∂B, so that after a
/// bispectrum pass every atom runs through the linear passes with coefficients of its own. One instance serves one thread.
/// </summary>
internal sealed unsafe class SnapQuadratic
{
    private readonly SnapModel _model;
    private readonly ISnapWeights _rule;
    private readonly int[] _places;
    private readonly double[] _scales;
    private readonly double[][] _isolated;
    private readonly double[] _bispectrum;
    private readonly double[] _slopes;
    private readonly double[] _weights;

    /// <summary>Makes work space.</summary>
    public SnapQuadratic(SnapModel model, ISnapWeights rule)
    {
        _model = model;
        _rule = rule;
        var count = model.BispectrumCount;
        _places = [.. Enumerable.Range(0, count).Select(rule.InvariantOf)];
        _scales = [.. Enumerable.Range(0, count).Select(rule.ScaleOf)];
        _isolated = [.. Enumerable.Range(0, model.Species.Count).Select(species => SnapConstants.IsolatedAtoms(model, species))];
        _bispectrum = new double[count];
        _slopes = new double[count];
        _weights = new double[rule.WeightCount];
    }

    /// <summary>Sets every lane's β′ to that of β + α·B.</summary>
    /// <param name="group">The group after the bispectrum pass.</param>
    /// <param name="species">Species of every lane.</param>
    /// <param name="energies">Receives the energy of every lane, constant included, eV.</param>
    public void SetWeights<T>(in SnapGroup group, ReadOnlySpan<int> species, Span<double> energies)
        where T : unmanaged, ILanes<T>
    {
        for (var lane = 0; lane < T.Count; lane++)
        {
            var isolated = _isolated[species[lane]];
            for (var k = 0; k < _bispectrum.Length; k++)
            {
                var invariant = group.Invariants[(long)_places[k] * T.Count + lane];
                _bispectrum[k] = _scales[k] * invariant - isolated[k];
            }

            energies[lane] = EnergyAndSlopes(_model.Species[species[lane]].Coefficients, _bispectrum, _slopes);
            _rule.FillWeights(_slopes, _weights);
            for (var t = 0; t < _weights.Length; t++)
            {
                group.Weights[(long)t * T.Count + lane] = _weights[t];
            }
        }
    }

    /// <summary>E = β₀ + β·B + ½ Bᵀ·α·B, α given by the rows of its upper triangle behind β, and ∂E/∂B.</summary>
    public static double EnergyAndSlopes(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> bispectrum, Span<double> slopes)
    {
        var count = bispectrum.Length;
        var energy = coefficients[0];
        for (var a = 0; a < count; a++)
        {
            energy += coefficients[1 + a] * bispectrum[a];
            slopes[a] = coefficients[1 + a];
        }

        if (coefficients.Length == 1 + count)
        {
            return energy;
        }

        var next = 1 + count;
        for (var a = 0; a < count; a++)
        {
            energy += 0.5 * coefficients[next] * bispectrum[a] * bispectrum[a];
            slopes[a] += coefficients[next++] * bispectrum[a];
            for (var b = a + 1; b < count; b++)
            {
                energy += coefficients[next] * bispectrum[a] * bispectrum[b];
                slopes[a] += coefficients[next] * bispectrum[b];
                slopes[b] += coefficients[next++] * bispectrum[a];
            }
        }

        return energy;
    }
}
