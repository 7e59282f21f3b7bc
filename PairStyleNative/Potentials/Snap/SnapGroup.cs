namespace MofInterop.Potentials.Snap;

/// <summary>
/// Work memory of one group of atoms, one atom a lane. Every quantity is a vector of <c>lanes</c> doubles; a complex
/// number is two of them, real part first. 64-byte aligned.
/// </summary>
internal unsafe struct SnapGroup
{
    /// <summary>Neighbours of the atom that has most, rounded up to an even number; missing ones have weight 0.</summary>
    public int NeighborCount;

    /// <summary>What the central atom adds to its density at ma = mb, <c>[1]</c>: 1, or 0 where the density isn't its own.</summary>
    public double* Self;

    /// <summary><c>[neighbors][<see cref="DensityPass.GeometryWidth"/>]</c>.</summary>
    public double* Geometry;

    /// <summary><c>[neighbors][2]</c>: middle and half width of the inner switching, filled where it is on.</summary>
    public double* Inner;

    /// <summary><c>[neighbors][<see cref="DensityPass.MotionWidth"/>]</c>.</summary>
    public double* Motion;

    /// <summary>Complex numbers that are kept of W of a neighbour: all half planes, or those below the top layer, which nothing but the sum needs.</summary>
    public int WignerCount;

    /// <summary>W of every neighbour, <c>[neighbors][<see cref="WignerCount"/>][2]</c>.</summary>
    public double* Wigner;

    /// <summary>Sum of W, <c>[half planes][2]</c>.</summary>
    public double* Sum;

    /// <summary>The same, mirrored, <c>[full planes][2]</c>: for descriptors and several densities.</summary>
    public double* Full;

    /// <summary>The same, mirrored, and what <see cref="Cubic.CubicPass"/> adds up: Re W, Im W, Re Y, Im Y, <c>[full planes][4]</c>.</summary>
    public double* Planes;

    /// <summary>β′ of every atom, <c>[weights]</c> (<see cref="ISnapWeights"/>).</summary>
    public double* Weights;

    /// <summary>Y, <c>[full planes][2]</c>.</summary>
    public double* Adjoint;

    /// <summary>Coefficients of the force pass, <c>[slopes][8]</c>.</summary>
    public double* Slopes;

    /// <summary>Y with its half plane weights, <c>[half planes][2]</c>.</summary>
    public double* Linear;

    /// <summary>Invariants, <c>[weights]</c>, filled for quadratic models and extrapolation grades.</summary>
    public double* Invariants;

    /// <summary>Energies, <c>[1]</c>.</summary>
    public double* Energy;

    /// <summary>∂E/∂r_j, <c>[neighbors][3]</c>.</summary>
    public double* Gradient;
}
