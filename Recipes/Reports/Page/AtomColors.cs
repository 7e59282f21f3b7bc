namespace MofInterop.Reports;

/// <summary>The customary colours of elements (after Corey, Pauling and Koltun, as Jmol has them); hydrogen is grey enough to show on white.</summary>
internal static class AtomColors
{
    private static readonly Dictionary<string, string> Colors = new(StringComparer.Ordinal)
    {
        ["H"] = "#dde4ea",
        ["C"] = "#909090",
        ["N"] = "#3050f8",
        ["O"] = "#ff0d0d",
        ["F"] = "#90e050",
        ["Mg"] = "#8aff00",
        ["Al"] = "#bfa6a6",
        ["Si"] = "#f0c8a0",
        ["P"] = "#ff8000",
        ["S"] = "#e6c630",
        ["Cl"] = "#1ff01f",
        ["Ti"] = "#bfc2c7",
        ["V"] = "#a6a6ab",
        ["Cr"] = "#8a99c7",
        ["Mn"] = "#9c7ac7",
        ["Fe"] = "#e06633",
        ["Co"] = "#f090a0",
        ["Ni"] = "#50d050",
        ["Cu"] = "#c88033",
        ["Zn"] = "#7d80b0",
        ["Br"] = "#a62929",
        ["Zr"] = "#94e0e0",
        ["I"] = "#940094",
        ["Hf"] = "#4dc2ff",
    };

    public static string Of(string symbol) => Colors.GetValueOrDefault(symbol, "#d070c0");
}
