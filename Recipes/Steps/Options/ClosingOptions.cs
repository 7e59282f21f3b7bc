using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>When a generation no longer waits for labels.</summary>
public sealed record ClosingOptions
{
    /// <summary>Fraction.</summary>
    [Parameter("So much of a generation's labels has to be there.", Dimension = Dimension.Fraction, Above = 0, AtMost = "100 %")]
    public Quantity Enough { get; init; } = Quantity.Parse("90 %");

    /// <summary>Patience.</summary>
    [Parameter("How long the others are waited for after that.", Dimension = Dimension.WallTime, AtLeast = "0 s")]
    public Quantity Patience { get; init; } = Quantity.Parse("600 s");

    /// <summary>As the labels take it.</summary>
    internal LabelClosing Closing => new(Enough.Value, TimeSpan.FromSeconds(Patience.Value));
}
