using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Quadratic models in the fast kernel: E = β₀ + β·B + ½ Bᵀ·α·B has the gradient (β + α·B)·∂B, so that after a
/// bispectrum pass every atom runs through the linear passes with coefficients of its own. One instance serves one thread.
/// </summary>
internal sealed unsafe class SnapQuadratic
{
    private readonly SnapModel _model;
    private readonly SnapProducts _products;
    private readonly int[] _tripleOf;
    private readonly double[] _scales;
    private readonly double[] _isolated;
    private readonly double[] _bispectrum;
    private readonly double[] _slopes;
    private readonly double[] _weights;

    /// <summary>Makes work space.</summary>
    public SnapQuadratic(SnapModel model, SnapProducts products)
    {
        _model = model;
        _products = products;
        var components = SnapIndices.Components(model.Parameters.TwoJMax);
        _tripleOf = [.. components.Select(c => products.Triples.IndexOf((c.J1, c.J2, c.J)))];
        _scales = [.. components.Select(c => model.Parameters.Normalized ? 1.0 / (c.J + 1) : 1)];
        _isolated = [.. components.Select(c => SnapConstants.IsolatedAtom(model.Parameters, c))];
        _bispectrum = new double[components.Length];
        _slopes = new double[components.Length];
        _weights = new double[products.Triples.Count];
    }

    /// <summary>Sets every lane's β′ to that of β + α·B.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="group">The group after the density pass.</param>
    /// <param name="species">Species of every lane.</param>
    /// <param name="energies">Receives the energy of every lane, constant included, eV.</param>
    public void SetWeights<T>(SnapPlan plan, in SnapGroup group, ReadOnlySpan<int> species, Span<double> energies)
        where T : unmanaged, ILanes<T>
    {
        BispectrumPass.Run<T>(plan, group);
        for (var lane = 0; lane < T.Count; lane++)
        {
            for (var k = 0; k < _bispectrum.Length; k++)
            {
                var invariant = group.Invariants[(long)_tripleOf[k] * T.Count + lane];
                _bispectrum[k] = _scales[k] * invariant - _isolated[k];
            }

            energies[lane] = EnergyAndSlopes(_model.Species[species[lane]].Coefficients, _bispectrum, _slopes);
            _products.FillWeights(_slopes, _weights);
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
