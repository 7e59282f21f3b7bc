using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>The same model as a file with its species in another order would give it.</summary>
internal static class SpeciesOrder
{
    /// <summary>Species k of the result is species order[k] of the model.</summary>
    public static SnapModel Permute(SnapModel model, int[] order)
    {
        var places = Places(model, order);
        var count = places.Length;
        var species = order.Select(old => model.Species[old]).Select(s => new SnapSpecies(s.Label, s.Radius, s.Weight, Coefficients(s.Coefficients.ToArray()))
        {
            InnerSwitchCenter = s.InnerSwitchCenter,
            InnerSwitchHalfWidth = s.InnerSwitchHalfWidth,
        });
        return new SnapModel(model.Parameters, [.. species]);

        double[] Coefficients(double[] old)
        {
            var changed = new double[old.Length];
            changed[0] = old[0];
            for (var a = 0; a < count; a++)
            {
                changed[1 + a] = old[1 + places[a]];
                for (var b = a; model.Parameters.Quadratic && b < count; b++)
                {
                    changed[Pair(a, b)] = old[Pair(Math.Min(places[a], places[b]), Math.Max(places[a], places[b]))];
                }
            }

            return changed;
        }

        // Rows of the upper triangle follow the constant and the linear coefficients.
        int Pair(int a, int b) => 1 + count + a * count - a * (a - 1) / 2 + b - a;
    }

    // For every component of the new order the place of the same one in the old.
    private static int[] Places(SnapModel model, int[] order)
    {
        int n = order.Length, components = SnapIndices.ComponentCount(model.Parameters.TwoJMax);
        return [.. Enumerable.Range(0, model.BispectrumCount).Select(k =>
        {
            var (first, second, third) = SnapIndices.DensitiesOf(k / components, n);
            return ((order[first] * n + order[second]) * n + order[third]) * components + k % components;
        })];
    }
}
