using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Neural;

namespace MofInterop.ModelFiles.Cards;

/// <summary>How cards name the precision that a neural network computes in: <c>precision</c>, <c>as trained</c> where it is absent.</summary>
internal static class CardPrecision
{
    /// <summary>The key.</summary>
    public const string Key = "precision";

    private static readonly Dictionary<string, NetworkPrecision> _names = new(StringComparer.Ordinal)
    {
        ["as trained"] = NetworkPrecision.AsTrained,
        ["double"] = NetworkPrecision.Double,
        ["single"] = NetworkPrecision.Single,
    };

    /// <summary>Reads the key.</summary>
    public static NetworkPrecision Read(YamlMapping mapping) => _names[mapping.OptionalText(Key)?.OneOf([.. _names.Keys]) ?? "as trained"];

    /// <summary>The name of a precision.</summary>
    public static string NameOf(NetworkPrecision precision) => _names.First(one => one.Value == precision).Key;
}
