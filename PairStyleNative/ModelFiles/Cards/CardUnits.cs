namespace MofInterop.ModelFiles.Cards;

/// <summary>The units that quantities in a model card carry.</summary>
internal static class CardUnits
{
    public const string EnergyError = "meV/atom";
    public const string ForceError = "meV/angstrom";
    public const string StressError = "MPa";
    public const string Temperature = "K";
    public const string Length = "angstrom";
    public const string AtomicLength = "bohr";
    public const string Degree = "degree";
    public const string Radian = "rad";
}
