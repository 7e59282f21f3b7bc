using MofInterop.Potentials.Atoms;

namespace MofInterop.Learning;

/// <summary>Covalent radii of a structure's atoms and the rule by which a distance is a bond.</summary>
internal sealed class BondRadii
{
    private readonly double[] _radii;
    private readonly bool[] _cannotBondAlike;

    public BondRadii(string[] symbols, BondSettings settings)
    {
        var elements = symbols.Select(Elements.BySymbol).ToArray();
        _radii = [.. elements.Select(e => e.CovalentRadius)];
        var metalsBond = settings.MetalMetalBonds || symbols.All(IsMetal);
        _cannotBondAlike = [.. symbols.Select(s => !metalsBond && IsMetal(s))];
        LongestBond = 2 * _radii.DefaultIfEmpty(1).Max();
    }

    /// <summary>Largest sum of two radii, Å.</summary>
    public double LongestBond { get; }

    /// <summary>Sum of two radii, Å.</summary>
    public double Sum(int i, int j) => _radii[i] + _radii[j];

    /// <summary>Whether atoms this far apart (Å) are bonded.</summary>
    public bool Bonded(int i, int j, double distance, double tolerance) =>
        distance < Sum(i, j) + tolerance && !(_cannotBondAlike[i] && _cannotBondAlike[j]);

    /// <summary>Whether an element is a metal.</summary>
    public static bool IsMetal(string symbol) => !_nonMetals.Contains(symbol);

    /// <summary>Elements that are not metals, metalloids among them.</summary>
    private static readonly HashSet<string> _nonMetals =
    [
        "H", "He", "B", "C", "N", "O", "F", "Ne", "Si", "P", "S", "Cl", "Ar", "Ge", "As", "Se", "Br", "Kr",
        "Te", "I", "Xe", "At", "Rn",
    ];
}
