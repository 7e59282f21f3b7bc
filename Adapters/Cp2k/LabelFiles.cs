namespace MofInterop.Cp2k;

/// <summary>What a label's folder holds.</summary>
internal static class LabelFiles
{
    /// <summary>A deck that repeats this calculation by hand: <c>cp2k -i cp2k.inp</c>.</summary>
    public const string Input = "cp2k.inp";

    /// <summary>What CP2K printed about the last attempt.</summary>
    public const string Output = "cp2k.log";
}
