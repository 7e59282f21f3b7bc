namespace MofInterop.Potentials.Snap;

/// <summary>How a neighbour fades with distance: LAMMPS <c>SNA::compute_sfac</c> and <c>compute_dsfac</c>.</summary>
internal static class SnapSwitching
{
    /// <summary>Switching function and its derivative (1/Å) at a neighbour's distance, without the weight.</summary>
    public static (double Value, double Derivative) Evaluate(SnapParameters parameters, in SnapNeighbor neighbor)
    {
        var (outer, outerSlope) = Outer(parameters, neighbor.Distance, neighbor.Cutoff);
        if (!parameters.InnerSwitching || neighbor.Distance >= neighbor.InnerCenter + neighbor.InnerHalfWidth)
        {
            return (outer, outerSlope);
        }

        if (neighbor.Distance <= neighbor.InnerCenter - neighbor.InnerHalfWidth)
        {
            return (0, 0);
        }

        var scale = Math.PI / 2 / neighbor.InnerHalfWidth;
        var angle = Math.PI / 2 + (neighbor.Distance - neighbor.InnerCenter) * scale;
        var inner = 0.5 * (1 - Math.Cos(angle));
        var innerSlope = 0.5 * scale * Math.Sin(angle);
        return (outer * inner, outerSlope * inner + outer * innerSlope);
    }

    private static (double Value, double Derivative) Outer(SnapParameters parameters, double distance, double cutoff)
    {
        if (!parameters.Switching || distance <= parameters.MinimumDistance)
        {
            return (1, 0);
        }

        if (distance > cutoff)
        {
            return (0, 0);
        }

        var scale = Math.PI / (cutoff - parameters.MinimumDistance);
        var angle = (distance - parameters.MinimumDistance) * scale;
        return (0.5 * (Math.Cos(angle) + 1), -0.5 * scale * Math.Sin(angle));
    }
}
