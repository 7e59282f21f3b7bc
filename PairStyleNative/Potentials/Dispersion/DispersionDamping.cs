namespace MofInterop.Potentials.Dispersion;

/// <summary>How dispersion is damped at short distance, and the factors of its two terms.</summary>
/// <param name="S6">Factor of the C6 term; 1 but for double hybrids.</param>
/// <param name="S8">Factor of the C8 term.</param>
public abstract record DispersionDamping(double S6, double S8);

/// <summary>
/// Zero damping, C_n/rⁿ · 1/(1 + 6 (r/(s_n R0))^−α_n) with α6 = <paramref name="Alpha"/> and α8 = α6 + 2:
/// S. Grimme, J. Antony, S. Ehrlich, H. Krieg, J. Chem. Phys. 132, 154104 (2010).
/// </summary>
/// <param name="S6">Factor of the C6 term.</param>
/// <param name="S8">Factor of the C8 term.</param>
/// <param name="RadiusFactor6">Factor of R0 in the C6 term (<c>rs6</c>).</param>
/// <param name="RadiusFactor8">Factor of R0 in the C8 term (<c>rs8</c>).</param>
/// <param name="Alpha">Steepness of the C6 term: an even number from 2 to 30.</param>
public sealed record ZeroDamping(double S6, double S8, double RadiusFactor6, double RadiusFactor8 = 1, int Alpha = 14) : DispersionDamping(S6, S8);

/// <summary>
/// Becke–Johnson damping, C_n/(rⁿ + (a1 √(C8/C6) + a2)ⁿ): S. Grimme, S. Ehrlich, L. Goerigk, J. Comput. Chem. 32, 1456 (2011).
/// </summary>
/// <param name="S6">Factor of the C6 term.</param>
/// <param name="S8">Factor of the C8 term.</param>
/// <param name="A1">Dimensionless.</param>
/// <param name="A2">Bohr, as it is published.</param>
public sealed record BeckeJohnsonDamping(double S6, double S8, double A1, double A2) : DispersionDamping(S6, S8);
