namespace MofInterop.Cp2k;

/// <summary>Names of the basis set and the pseudopotential of an element, as in CP2K's data files.</summary>
internal sealed record PbeElement(string BasisSet, string Potential);

/// <summary>
/// Which elements have both a MOLOPT basis set (BASIS_MOLOPT, BASIS_MOLOPT_UCL) and a GTH-PBE potential (GTH_POTENTIALS) for the same
/// valence electrons. Only names are kept here; the numbers stay in CP2K's files.
/// </summary>
internal static class PbeElements
{
    private static readonly Dictionary<string, int> _valence = Parse(
        """
        H1 He2 Li3 Be4 B3 C4 N5 O6 F7 Ne8 Na9 Mg10 Al3 Si4 P5 S6 Cl7 Ar8
        K9 Ca10 Sc11 Ti12 V13 Cr14 Mn15 Fe16 Co17 Ni18 Cu11 Zn12 Ga13 Ge4 As5 Se6 Br7 Kr8
        Rb9 Sr10 Y11 Zr12 Nb13 Mo14 Tc15 Ru16 Rh17 Pd18 Ag11 Cd12 In13 Sn4 Sb5 Te6 I7 Xe8
        Cs9 Ba10 La11 Ce12 Pr13 Nd14 Pm15 Sm16 Eu17 Gd18 Tb19 Dy20 Ho21 Er22 Tm23 Yb24 Lu25
        Hf12 Ta13 W14 Re15 Os16 Ir17 Pt18 Au11 Hg12 Tl13 Pb4 Bi5 Po6 At7 Rn8
        """);

    private static readonly HashSet<string> _longRangeTripleZeta = ["H", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Br"];
    private static readonly HashSet<string> _noTripleZeta = ["He", "Ne", "Na", "Ar", "Kr", "Xe", "Rn"];

    /// <summary>The names for an element, or null when there are none.</summary>
    public static PbeElement? Find(string symbol, MoloptBasis basis)
    {
        if (!_valence.TryGetValue(symbol, out var electrons))
        {
            return null;
        }

        if (basis == MoloptBasis.DoubleZeta)
        {
            return new PbeElement($"DZVP-MOLOPT-SR-GTH-q{electrons}", $"GTH-PBE-q{electrons}");
        }

        // The triple-zeta set of magnesium is made for two valence electrons.
        electrons = symbol == "Mg" ? 2 : electrons;
        var family = _longRangeTripleZeta.Contains(symbol) ? "TZVP-MOLOPT-GTH" : "TZVP-MOLOPT-SR-GTH";
        return _noTripleZeta.Contains(symbol) ? null : new PbeElement($"{family}-q{electrons}", $"GTH-PBE-q{electrons}");
    }

    private static Dictionary<string, int> Parse(string table)
    {
        var valence = new Dictionary<string, int>();
        foreach (var entry in table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var letters = entry.TakeWhile(char.IsAsciiLetter).Count();
            valence.Add(entry[..letters], int.Parse(entry.AsSpan(letters), System.Globalization.CultureInfo.InvariantCulture));
        }

        return valence;
    }
}
