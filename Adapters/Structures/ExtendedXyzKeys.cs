namespace MofInterop.Structures;

/// <summary>What the reference results are called in an extended XYZ file.</summary>
/// <param name="Energy">Frame key, eV.</param>
/// <param name="Forces">Column, three numbers per atom, eV/Å.</param>
/// <param name="Stress">Frame key, 6 (xx yy zz yz xz xy) or 9 numbers, eV/Å³, tension positive as in ASE.</param>
/// <param name="Virial">Frame key, 9 numbers, eV, −volume × stress; used where there is no stress.</param>
public sealed record ExtendedXyzKeys(string Energy = "energy", string Forces = "forces", string Stress = "stress", string Virial = "virial")
{
    /// <summary>ASE's names.</summary>
    public static ExtendedXyzKeys Ase { get; } = new();

    /// <summary>ASE's names behind a prefix: <c>REF_energy</c>, <c>REF_forces</c>, … as training programs want them.</summary>
    public static ExtendedXyzKeys WithPrefix(string prefix) => new(prefix + "energy", prefix + "forces", prefix + "stress", prefix + "virial");
}
