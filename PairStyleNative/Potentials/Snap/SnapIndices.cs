namespace MofInterop.Potentials.Snap;

/// <summary>A bispectrum component B(j1,j2,j): doubled angular momenta, 0 ≤ j2 ≤ j1 ≤ j ≤ 2J, j1 + j2 + j even, j ≤ j1 + j2.</summary>
/// <param name="J1">j1, twice the first angular momentum.</param>
/// <param name="J2">j2 ≤ j1.</param>
/// <param name="J">j ≥ j1.</param>
public readonly record struct BispectrumIndex(int J1, int J2, int J);

/// <summary>
/// The index conventions of SNAP, those of LAMMPS <c>src/ML-SNAP/sna.cpp</c> (comment at the head of that file and
/// <c>SNA::build_indexlist</c>), hence of <c>snapcoeff</c> files and of <c>compute sna/atom</c>:
/// half-integral labels are doubled or shifted to integers, j = 2J, ma = J + m, mb = J + m′ with 0 ≤ ma, mb ≤ j.
/// Components come in the order of <c>for j1, for j2 ≤ j1, for j = j1 − j2, j1 − j2 + 2, …, min(2J, j1 + j2)</c>, of
/// which those with j ≥ j1 are kept. The plane of layer j starts at Σ_{k&lt;j}(k+1)² and is stored with ma fastest:
/// U_j(ma,mb) at start + (j+1)·mb + ma.
/// With <c>chemflag</c> the whole list is repeated for every triple of species (κ,λ,μ), μ fastest:
/// place ((κ·n + λ)·n + μ)·count + index; κ and λ belong to j1 and j2, μ to j.
/// </summary>
public static class SnapIndices
{
    /// <summary>All components for a value of twojmax, in LAMMPS's order.</summary>
    public static BispectrumIndex[] Components(int twoJMax)
    {
        var list = new List<BispectrumIndex>();
        for (var j1 = 0; j1 <= twoJMax; j1++)
        {
            for (var j2 = 0; j2 <= j1; j2++)
            {
                for (var j = j1 - j2; j <= Math.Min(twoJMax, j1 + j2); j += 2)
                {
                    if (j >= j1)
                    {
                        list.Add(new BispectrumIndex(j1, j2, j));
                    }
                }
            }
        }

        return [.. list];
    }

    /// <summary>How many components there are without <c>chemflag</c>: 5, 14, 30, 55, 91 for twojmax 2, 4, 6, 8, 10.</summary>
    public static int ComponentCount(int twoJMax)
    {
        var count = 0;
        for (var j1 = 0; j1 <= twoJMax; j1++)
        {
            for (var j2 = 0; j2 <= j1; j2++)
            {
                for (var j = j1; j <= Math.Min(twoJMax, j1 + j2); j++)
                {
                    count += (j1 + j2 + j) % 2 == 0 ? 1 : 0;
                }
            }
        }

        return count;
    }

    /// <summary>With <c>chemflag</c>: the species (κ,λ,μ) of a place in the list of triples of a number of species.</summary>
    public static (int First, int Second, int Third) DensitiesOf(int triple, int species) =>
        (triple / (species * species), triple / species % species, triple % species);

    /// <summary>Where the plane of layer j starts, in complex numbers; <c>LayerStart(twojmax + 1)</c> is the size of all planes.</summary>
    public static int LayerStart(int j) => j * (j + 1) * (2 * j + 1) / 6;
}
