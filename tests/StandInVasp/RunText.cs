using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.StandInVasp;

/// <summary>
/// vasprun.xml and OUTCAR as VASP 6 writes them. As in VASP, energies of electronic steps lack dispersion, the final ones have it, and of those only e_fr_energy is right.
/// </summary>
internal sealed class RunText(IReadOnlyDictionary<string, string> incar, int scfSteps, int most)
{
    /// <summary>What smearing and dispersion are made to be worth, eV.</summary>
    private const double Entropy = -0.004, Dispersion = -0.25;

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Numbers that do not fit their columns.</summary>
    public bool NotFinite { get; init; }

    public const string XmlTail = "</modeling>\n";

    public const string OutcarTail = "\n\n General timing and accounting informations for this job:\n ========================================================\n\n                  Total CPU time used (sec):        1.000\n                   Voluntary context switches:          2\n";

    private double Correction => incar.GetValueOrDefault("IVDW", "0") == "0" ? 0 : Dispersion;

    public string XmlHead(AtomicConfiguration structure)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<modeling>\n <generator>\n  <i name=\"program\" type=\"string\">vasp </i>\n  <i name=\"version\" type=\"string\">6.4.2  </i>\n </generator>\n <incar>\n");
        text.Append(string.Concat(incar.Select(tag => $"  <i type=\"string\" name=\"{tag.Key}\"> {tag.Value}</i>\n")));
        text.Append(" </incar>\n <kpoints>\n  <generation param=\"Gamma\">\n   <v type=\"int\" name=\"divisions\">       1        1        1 </v>\n  </generation>\n");
        text.Append("  <varray name=\"kpointlist\" >\n   <v>       0.00000000       0.00000000       0.00000000 </v>\n  </varray>\n  <varray name=\"weights\" >\n   <v>       1.00000000 </v>\n  </varray>\n </kpoints>\n");
        text.Append(_culture, $" <parameters>\n  <separator name=\"electronic\" >\n   <separator name=\"electronic convergence\" >\n    <i type=\"int\" name=\"NELM\">{most,6}</i>\n    <i name=\"EDIFF\">      0.00000100</i>\n   </separator>\n  </separator>\n </parameters>\n");
        text.Append(_culture, $" <atominfo>\n  <atoms>{structure.Count,8} </atoms>\n  <types>{structure.Symbols.Distinct().Count(),8} </types>\n  <array name=\"atoms\" >\n   <dimension dim=\"1\">ion</dimension>\n   <field type=\"string\">element</field>\n   <field type=\"int\">atomtype</field>\n   <set>\n");
        string[] elements = [.. structure.Symbols.Distinct()];
        foreach (var symbol in structure.Symbols)
        {
            text.Append(_culture, $"    <rc><c>{symbol,-2}</c><c>{Array.IndexOf(elements, symbol) + 1,4}</c></rc>\n");
        }

        text.Append("   </set>\n  </array>\n </atominfo>\n").Append(XmlStructure(structure, " name=\"initialpos\"", " "));
        return text.ToString();
    }

    public string XmlStep(AtomicConfiguration structure, ReferenceLabel label)
    {
        var text = new StringBuilder(" <calculation>\n");
        var electronic = label.Energy - Correction;
        for (var step = 1; step <= scfSteps; step++)
        {
            var off = step == scfSteps ? 0 : 1.0 / step;
            text.Append("  <scstep>\n   <time name=\"dav\">    0.10    0.10</time>\n   <energy>\n");
            text.Append(XmlEnergy("e_fr_energy", electronic + off)).Append(XmlEnergy("e_wo_entrp", electronic + off - Entropy)).Append(XmlEnergy("e_0_energy", electronic + off - Entropy / 2));
            text.Append("   </energy>\n  </scstep>\n");
        }

        text.Append(XmlStructure(structure, "", "  ")).Append("  <varray name=\"forces\" >\n");
        for (var i = 0; i < structure.Count; i++)
        {
            text.Append(XmlVector(label.Forces.AsSpan(3 * i, 3), NotFinite && i == 1));
        }

        text.Append("  </varray>\n  <varray name=\"stress\" >\n");
        var pressure = Kilobar(label);
        for (var k = 0; k < 9; k += 3)
        {
            text.Append(XmlVector(pressure.AsSpan(k, 3), false));
        }

        // The last two are known to be wrong in real files.
        text.Append("  </varray>\n  <energy>\n").Append(XmlEnergy("e_fr_energy", label.Energy)).Append(XmlEnergy("e_wo_entrp", label.Energy)).Append(XmlEnergy("e_0_energy", Entropy));
        text.Append("  </energy>\n  <time name=\"totalsc\">    1.00    1.00</time>\n");
        text.Append("  <eigenvalues>\n   <array>\n    <set>\n     <set comment=\"spin 1\">\n      <set comment=\"kpoint 1\">\n       <r>   -9.0000    1.0000 </r>\n      </set>\n     </set>\n    </set>\n   </array>\n  </eigenvalues>\n </calculation>\n");
        return text.ToString();
    }

    public string OutcarHead(AtomicConfiguration structure)
    {
        string[] elements = [.. structure.Symbols.Distinct()];
        var text = new StringBuilder(" vasp.6.4.2 20Jul23 (build stand-in) complex\n\n");
        text.Append(string.Concat(elements.Select(element => $" POTCAR:    PAW_PBE {element} 01Jan2000\n")));
        foreach (var element in elements)
        {
            text.Append(_culture, $" POTCAR:    PAW_PBE {element} 01Jan2000\n   VRHFIN ={element}: stand-in\n   LEXCH  = PE\n   TITEL  = PAW_PBE {element} 01Jan2000\n");
        }

        text.Append("\n Space group operators: 1\n   k-points in reciprocal lattice and weights: Gamma\n");
        text.Append(_culture, $"\n Dimension of arrays:\n   k-points           NKPTS =      1   k-points in BZ     NKDIM =      1   number of bands    NBANDS=      1\n   number of dos      NEDOS =    301   number of ions     NIONS ={structure.Count,7}\n");
        text.Append("  k-points in reciprocal lattice and weights: Gamma\n   0.00000000  0.00000000  0.00000000       1.000\n");
        text.Append(_culture, $"   ions per type =           {string.Concat(elements.Select(element => $"{structure.Symbols.Count(symbol => symbol == element),4}"))}\n");
        text.Append(_culture, $"   ISPIN  =      1    spin polarized calculation?\n   NELM   ={most,7};   NELMIN=  4; NELMDL= -5     # of ELM steps\n   EDIFF  = 0.1E-05   stopping-criterion for ELM\n\n");
        return text.ToString();
    }

    public string OutcarStep(int number, AtomicConfiguration structure, ReferenceLabel label)
    {
        var text = new StringBuilder();
        for (var step = 1; step <= scfSteps; step++)
        {
            text.Append(_culture, $"--------------------------------------- Iteration {number,6}({step,4})  ---------------------------------------\n\n  free energy    TOTEN  = {label.Energy + 1.0 / step,18:F8} eV\n");
        }

        text.Append(scfSteps < most ? "------------------------ aborting loop because EDIFF is reached ----------------------------------------\n" : "");
        var pressure = Voigt.Contract(Kilobar(label), Voigt.Vasp);
        text.Append("\n  FORCE on cell =-STRESS in cart. coord.  units (eV):\n  Direction    XX          YY          ZZ          XY          YZ          ZX\n  --------------------------------------------------------------------------------------\n");
        text.Append("  Total  ").Append(string.Concat(pressure.Select(value => (value / 1602.176634 * structure.Cell!.Volume).ToString("F5", _culture).PadLeft(12)))).Append('\n');
        text.Append("  in kB  ").Append(string.Concat(pressure.Select(value => value.ToString("F5", _culture).PadLeft(12)))).Append('\n');
        text.Append(_culture, $"  external pressure = {pressure[..3].Average(),11:F2} kB  Pullay stress =        0.00 kB\n\n VOLUME and BASIS-vectors are now :\n -----------------------------------------------------------------------------\n  volume of cell : {structure.Cell!.Volume,11:F2}\n      direct lattice vectors                 reciprocal lattice vectors\n");
        for (var k = 0; k < 9; k += 3)
        {
            text.Append(_culture, $" {structure.Cell.Rows[k],12:F9} {structure.Cell.Rows[k + 1],12:F9} {structure.Cell.Rows[k + 2],12:F9}     0.100000000  0.000000000  0.000000000\n");
        }

        text.Append("\n\n POSITION                                       TOTAL-FORCE (eV/Angst)\n -----------------------------------------------------------------------------------\n");
        for (var i = 0; i < structure.Count; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                text.Append(structure.Positions[3 * i + k].ToString("F5", _culture).PadLeft(13));
            }

            text.Append("   ");
            for (var k = 0; k < 3; k++)
            {
                text.Append((NotFinite && i == 1 && k == 0 ? "**************" : label.Forces[3 * i + k].ToString("F6", _culture)).PadLeft(14));
            }

            text.Append('\n');
        }

        text.Append(" -----------------------------------------------------------------------------------\n    total drift:                                0.000000      0.000000      0.000000\n\n\n--------------------------------------------------------------------------------------------------------\n\n\n\n  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)\n  ---------------------------------------------------\n");
        text.Append(_culture, $"  free  energy   TOTEN  = {label.Energy,18:F8} eV\n\n  energy  without entropy= {label.Energy - Entropy,18:F8}  energy(sigma->0) = {label.Energy - Entropy / 2,18:F8}\n\n\n\n--------------------------------------------------------------------------------------------------------\n\n");
        return text.ToString();
    }

    private static double[] Kilobar(ReferenceLabel label) =>
        Array.ConvertAll(Voigt.VirialFromStress(label.Stress, 1), value => value * PhysicalConstants.ElectronVoltPerCubicAngstromInBar / 1000);

    private static string XmlStructure(AtomicConfiguration structure, string attribute, string indent)
    {
        var text = new StringBuilder().Append(_culture, $"{indent}<structure{attribute} >\n{indent} <crystal>\n{indent}  <varray name=\"basis\" >\n");
        for (var k = 0; k < 9; k += 3)
        {
            text.Append(XmlVector(structure.Cell!.Rows.Slice(k, 3), false));
        }

        text.Append(_culture, $"{indent}  </varray>\n{indent}  <i name=\"volume\">{structure.Cell!.Volume,16:F8} </i>\n{indent} </crystal>\n{indent} <varray name=\"positions\" >\n");
        for (var i = 0; i < structure.Count; i++)
        {
            var (a, b, c) = structure.Cell.ToFractional(structure.Positions[3 * i], structure.Positions[3 * i + 1], structure.Positions[3 * i + 2]);
            text.Append(XmlVector([a - Math.Floor(a), b - Math.Floor(b), c - Math.Floor(c)], false));
        }

        return text.Append(_culture, $"{indent} </varray>\n{indent}</structure>\n").ToString();
    }

    private static string XmlEnergy(string name, double value) => string.Create(_culture, $"   <i name=\"{name}\">{value,16:F8} </i>\n");

    private static string XmlVector(ReadOnlySpan<double> v, bool broken) =>
        string.Create(_culture, $"   <v>{(broken ? "****************" : v[0].ToString("F8", _culture)),16} {v[1],16:F8} {v[2],16:F8} </v>\n");
}
