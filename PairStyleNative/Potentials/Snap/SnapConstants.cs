namespace MofInterop.Potentials.Snap;

/// <summary>The constant part of a linear model's energy.</summary>
internal static class SnapConstants
{
    /// <summary>β₀ minus, with <c>bzeroflag</c>, Σ β·B of an isolated atom, whose B(j1,j2,j) is j + 1 (1 when normalized).</summary>
    public static double EnergyAtZeroDensity(SnapModel model, int species)
    {
        var coefficients = model.Species[species].Coefficients;
        var isolated = IsolatedAtoms(model, species);
        var energy = coefficients[0];
        for (var k = 0; k < isolated.Length; k++)
        {
            energy -= coefficients[1 + k] * isolated[k];
        }

        return energy;
    }

    /// <summary>What <c>bzeroflag</c> subtracts from every component of a center of a species.</summary>
    public static double[] IsolatedAtoms(SnapModel model, int species)
    {
        var components = SnapIndices.Components(model.Parameters.TwoJMax);
        var isolated = new double[model.BispectrumCount];
        for (var k = 0; k < isolated.Length; k++)
        {
            // An isolated atom is in its own density only, or in all.
            var (first, second, third) = SnapIndices.DensitiesOf(k / components.Length, model.Species.Count);
            var present = !model.Parameters.Chemical || model.Parameters.SelfInAllDensities || (first == species && second == species && third == species);
            isolated[k] = present ? IsolatedAtom(model.Parameters, components[k % components.Length]) : 0;
        }

        return isolated;
    }

    /// <summary>What <c>bzeroflag</c> subtracts from a component.</summary>
    public static double IsolatedAtom(SnapParameters parameters, BispectrumIndex component) =>
        !parameters.SubtractIsolatedAtom ? 0 : parameters.Normalized ? 1 : component.J + 1;
}
