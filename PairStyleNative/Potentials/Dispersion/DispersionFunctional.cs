using System.Diagnostics.CodeAnalysis;

namespace MofInterop.Potentials.Dispersion;

/// <summary>Damping parameters that were fitted for a density functional.</summary>
/// <param name="Name">As in the literature.</param>
/// <param name="Zero">For zero damping, or null where none are published.</param>
/// <param name="BeckeJohnson">For Becke–Johnson damping, or null where none are published.</param>
public sealed record DispersionFunctional(string Name, ZeroDamping? Zero, BeckeJohnsonDamping? BeckeJohnson)
{
    /// <summary>
    /// The functionals whose parameters are known here, by name. Sources: S. Grimme, J. Antony, S. Ehrlich, H. Krieg, J. Chem. Phys. 132,
    /// 154104 (2010); S. Grimme, S. Ehrlich, L. Goerigk, J. Comput. Chem. 32, 1456 (2011); and the authors' later list (def2-QZVP fits).
    /// </summary>
    public static IReadOnlyList<DispersionFunctional> All { get; } =
    [
        new("B1B95", new(1, 1.868, 1.613), new(1, 1.4507, 0.2092, 5.5545)),
        new("B2GP-PLYP", new(0.56, 0.76, 1.586), new(0.56, 0.2597, 0, 6.3332)),
        new("B2PLYP", new(0.64, 1.022, 1.427), new(0.64, 0.9147, 0.3065, 5.057)),
        new("B3LYP", new(1, 1.703, 1.261), new(1, 1.9889, 0.3981, 4.4211)),
        new("B3PW91", new(1, 1.775, 1.176), new(1, 2.8524, 0.4312, 4.4693)),
        new("B97-D", new(1, 0.909, 0.892), new(1, 2.2609, 0.5545, 3.2297)),
        new("BHLYP", new(1, 1.442, 1.37), new(1, 1.0354, 0.2793, 4.9615)),
        new("BLYP", new(1, 1.682, 1.094), new(1, 2.6996, 0.4298, 4.2359)),
        new("BMK", new(1, 2.168, 1.931), new(1, 2.086, 0.194, 5.9197)),
        new("BOP", new(1, 1.975, 0.929), new(1, 3.295, 0.487, 3.5043)),
        new("BP86", new(1, 1.683, 1.139), new(1, 3.2822, 0.3946, 4.8516)),
        new("BPBE", new(1, 2.033, 1.087), new(1, 4.0728, 0.4567, 4.3908)),
        new("CAM-B3LYP", new(1, 1.217, 1.378), new(1, 2.0674, 0.3708, 5.4743)),
        new("DSD-BLYP", null, new(0.5, 0.213, 0, 6.0519)),
        new("HCTH120", new(1, 1.206, 1.221), new(1, 1.0821, 0.3563, 4.3359)),
        new("HF", new(1, 1.746, 1.158), new(1, 0.9171, 0.3385, 2.883)),
        new("HSE06", new(1, 0.109, 1.129), new(1, 2.31, 0.383, 5.685)),
        new("HSEsol", null, new(1, 2.9215, 0.465, 6.2003)),
        new("LC-wPBE", new(1, 1.279, 1.355), new(1, 1.8541, 0.3919, 5.0897)),
        new("M05", new(1, 0.595, 1.373), null),
        new("M05-2X", new(1, 0, 1.417), null),
        new("M06", new(1, 0, 1.325), null),
        new("M06-2X", new(1, 0, 1.619), null),
        new("M06-HF", new(1, 0, 1.446), null),
        new("M06-L", new(1, 0, 1.581), null),
        new("MPW1B95", new(1, 1.118, 1.605), new(1, 1.0508, 0.1955, 6.4177)),
        new("MPWB1K", new(1, 1.061, 1.671), null),
        new("mPWLYP", new(1, 1.098, 1.239), new(1, 2.0077, 0.4831, 4.5323)),
        new("OLYP", new(1, 1.764, 0.806), new(1, 2.6205, 0.5299, 2.8065)),
        new("OPBE", new(1, 2.055, 0.837), new(1, 3.3816, 0.5512, 2.9444)),
        new("oTPSS", new(1, 1.494, 1.128), new(1, 2.7495, 0.4634, 4.3153)),
        new("PBE", new(1, 0.722, 1.217), new(1, 0.7875, 0.4289, 4.4407)),
        new("PBE0", new(1, 0.928, 1.287), new(1, 1.2177, 0.4145, 4.8593)),
        new("PBE38", new(1, 0.998, 1.333), null),
        new("PBEsol", new(1, 0.612, 1.345), new(1, 2.9491, 0.4466, 6.1742)),
        new("PTPSS", new(0.75, 0.879, 1.541), new(0.75, 0.2804, 0, 6.5745)),
        new("PW1PW", null, new(1, 2.3363, 0.3807, 5.8844)),
        new("PW6B95", new(1, 0.862, 1.532), new(1, 0.7257, 0.2076, 6.375)),
        new("PWB6K", new(1, 0.55, 1.66), new(1, 0.9383, 0.1805, 7.7627)),
        new("PWGGA", null, new(1, 2.691, 0.2211, 6.7278)),
        new("PWPB95", new(0.82, 0.705, 1.557), new(0.82, 0.2904, 0, 7.3141)),
        new("revPBE", new(1, 1.01, 0.923), new(1, 2.355, 0.5238, 3.5016)),
        new("revPBE0", new(1, 0.792, 0.949), new(1, 1.7588, 0.4679, 3.7619)),
        new("revPBE38", new(1, 0.862, 1.021), new(1, 1.476, 0.4309, 3.9446)),
        new("revSSB", new(1, 0.56, 1.221), new(1, 0.4389, 0.472, 4.0986)),
        new("RPBE", new(1, 0.514, 0.872), new(1, 0.8318, 0.182, 4.0094)),
        new("rPW86PBE", new(1, 0.901, 1.224), new(1, 1.3845, 0.4613, 4.5062)),
        new("SSB", new(1, 0.663, 1.215), new(1, -0.1744, -0.0952, 5.217)),
        new("TPSS", new(1, 1.105, 1.166), new(1, 1.9435, 0.4535, 4.4752)),
        new("TPSS0", new(1, 1.242, 1.252), new(1, 1.2576, 0.3768, 4.5865)),
        new("TPSSh", new(1, 1.219, 1.223), new(1, 2.2382, 0.4529, 4.655)),
    ];

    /// <summary>Finds a functional; upper and lower case and hyphens do not matter.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out DispersionFunctional? functional)
    {
        ArgumentNullException.ThrowIfNull(name);
        functional = All.FirstOrDefault(known => string.Equals(Bare(known.Name), Bare(name), StringComparison.OrdinalIgnoreCase));
        return functional is not null;
    }

    private static string Bare(string name) => name.Replace("-", "", StringComparison.Ordinal);
}
