namespace MofInterop.Potentials.Snap;

/// <summary>The constant part of a linear model's energy.</summary>
internal static class SnapConstants
{
    /// <summary>β₀ minus, with <c>bzeroflag</c>, Σ β·B of an isolated atom, whose B(j1,j2,j) is j + 1 (1 when normalized).</summary>
    public static double EnergyAtZeroDensity(SnapModel model, int species)
    {
        var coefficients = model.Species[species].Coefficients;
        var energy = coefficients[0];
        if (model.Parameters.SubtractIsolatedAtom)
        {
            var components = SnapIndices.Components(model.Parameters.TwoJMax);
            for (var k = 0; k < components.Length; k++)
            {
                energy -= coefficients[1 + k] * IsolatedAtom(model.Parameters, components[k]);
            }
        }

        return energy;
    }

    /// <summary>What <c>bzeroflag</c> subtracts from a component.</summary>
    public static double IsolatedAtom(SnapParameters parameters, BispectrumIndex component) =>
        !parameters.SubtractIsolatedAtom ? 0 : parameters.Normalized ? 1 : component.J + 1;
}
