namespace MofInterop.Potentials.Atoms;

/// <summary>
/// The only place for the order and sign of six-component tensors.
/// Inside the suite a virial is a full 3×3 tensor, <c>double[9]</c> row-major, W = Σ r⊗F = −∂E/∂ε, eV.
/// ASE stress: σ = −W/V (tension positive), order xx yy zz yz xz xy.
/// LAMMPS pressure: +W/V, order xx yy zz xy xz yz.
/// CP2K prints a full tensor in GPa with the sign of +W/V. VASP prints "in kB" +W/V in the order xx yy zz xy yz zx.
/// </summary>
public static class Voigt
{
    /// <summary>Row-major places of xx yy zz yz xz xy: the order of ASE and of every stress inside the suite.</summary>
    public static ReadOnlySpan<int> Ase => [0, 4, 8, 5, 2, 1];

    /// <summary>Row-major places of xx yy zz xy xz yz: the order of LAMMPS.</summary>
    public static ReadOnlySpan<int> Lammps => [0, 4, 8, 1, 2, 5];

    /// <summary>Row-major places of xx yy zz xy yz zx: the order of VASP.</summary>
    public static ReadOnlySpan<int> Vasp => [0, 4, 8, 1, 5, 2];

    /// <summary>ASE stress (eV/Å³, tension positive, xx yy zz yz xz xy) of a virial (eV, <c>[9]</c> row-major) in a volume (Å³).</summary>
    public static double[] StressFromVirial(ReadOnlySpan<double> virial, double volume)
    {
        var stress = new double[6];
        for (var k = 0; k < 6; k++)
        {
            var place = Ase[k];
            var transposed = place % 3 * 3 + place / 3;
            stress[k] = -0.5 * (virial[place] + virial[transposed]) / volume;
        }

        return stress;
    }

    /// <summary>Virial (eV, <c>[9]</c> row-major) of an ASE stress (eV/Å³, xx yy zz yz xz xy) in a volume (Å³).</summary>
    public static double[] VirialFromStress(ReadOnlySpan<double> stress, double volume)
    {
        var virial = new double[9];
        for (var k = 0; k < 6; k++)
        {
            var place = Ase[k];
            virial[place] = virial[place % 3 * 3 + place / 3] = -stress[k] * volume;
        }

        return virial;
    }

    /// <summary>Full row-major tensor of six components in the given order (one of the orders above).</summary>
    public static double[] Expand(ReadOnlySpan<double> six, ReadOnlySpan<int> order)
    {
        var full = new double[9];
        for (var k = 0; k < 6; k++)
        {
            full[order[k]] = full[order[k] % 3 * 3 + order[k] / 3] = six[k];
        }

        return full;
    }

    /// <summary>Six components in the given order of a full row-major tensor; off-diagonal ones are the mean of the two.</summary>
    public static double[] Contract(ReadOnlySpan<double> full, ReadOnlySpan<int> order)
    {
        var six = new double[6];
        for (var k = 0; k < 6; k++)
        {
            six[k] = 0.5 * (full[order[k]] + full[order[k] % 3 * 3 + order[k] / 3]);
        }

        return six;
    }
}
