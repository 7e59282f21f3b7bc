using System.Text.Json.Serialization;

namespace MofInterop.Reports;

/// <summary>A figure as data. Labels of axes carry their units.</summary>
/// <param name="Name">Letters, digits and hyphens, once per report: the name of its file.</param>
/// <param name="Title">Above it.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ParityFigure), "parity")]
[JsonDerivedType(typeof(LineFigure), "line")]
[JsonDerivedType(typeof(HistogramFigure), "histogram")]
[JsonDerivedType(typeof(BarFigure), "bar")]
[JsonDerivedType(typeof(TraceFigure), "trace")]
[JsonDerivedType(typeof(TimelineFigure), "timeline")]
[JsonDerivedType(typeof(CurveFigure), "curve")]
public abstract record Figure(string Name, string Title);

/// <summary>Points (x, y) under a name; values that are not finite are left out.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="X">One per point.</param>
/// <param name="Y">One per point.</param>
/// <param name="Error">Half length of the error bars, or null.</param>
/// <param name="Legend">What the legend of a parity plot says of points that stand for more; null: their own error and number.</param>
/// <param name="Style">How a line figure draws it.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double>? Error = null, string? Legend = null, SeriesStyle Style = SeriesStyle.MarkedLine);

/// <summary>How a series of a <see cref="LineFigure"/> is drawn.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SeriesStyle>))]
public enum SeriesStyle
{
    /// <summary>A line through markers.</summary>
    MarkedLine,

    /// <summary>Markers alone: measured values.</summary>
    Markers,

    /// <summary>A line alone: a fit.</summary>
    Line,

    /// <summary>A histogram: x are the middles of bins of one width.</summary>
    Steps,
}

/// <summary>Values under a name.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Values">Any number of them (histogram), or one per category (bars).</param>
public sealed record ValueSeries(string Name, IReadOnlyList<double> Values);

/// <summary>A value to compare with, drawn as a dashed horizontal line.</summary>
/// <param name="Value">In the unit of the axis.</param>
/// <param name="Name">In the legend.</param>
public sealed record TargetLine(double Value, string Name);

/// <summary>Prediction against reference with the diagonal; the legend gives the RMSE of every series.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">Reference, with unit.</param>
/// <param name="YLabel">Prediction, with unit.</param>
/// <param name="Unit">Unit of the RMSE: <c>meV/Å</c>.</param>
/// <param name="UnitFactor">From the unit of the axes to <paramref name="Unit"/>: 1000 from eV/Å.</param>
/// <param name="Points">Training first, held-out last: the last is on top.</param>
public sealed record ParityFigure(string Name, string Title, string XLabel, string YLabel, string Unit, double UnitFactor, IReadOnlyList<Series> Points)
    : Figure(Name, Title);

/// <summary>Lines with markers: an error per generation.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">With unit.</param>
/// <param name="YLabel">With unit.</param>
/// <param name="Lines">With error bars where they have errors.</param>
/// <param name="LogY">Logarithmic y axis.</param>
/// <param name="Target">To compare with, or null.</param>
public sealed record LineFigure(string Name, string Title, string XLabel, string YLabel, IReadOnlyList<Series> Lines, bool LogY = false, TargetLine? Target = null)
    : Figure(Name, Title);

/// <summary>How often values occur.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">With unit.</param>
/// <param name="YLabel">What is counted.</param>
/// <param name="Values">Series share their bins.</param>
/// <param name="Bins">Number of bins.</param>
/// <param name="LogY">Logarithmic counts.</param>
public sealed record HistogramFigure(string Name, string Title, string XLabel, string YLabel, IReadOnlyList<ValueSeries> Values, int Bins = 40, bool LogY = false)
    : Figure(Name, Title);

/// <summary>Bars per category: selections per generation and bin.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">With unit.</param>
/// <param name="YLabel">With unit.</param>
/// <param name="Categories">One per group of bars.</param>
/// <param name="Bars">One value per category each.</param>
/// <param name="Stacked">On top of each other instead of side by side.</param>
public sealed record BarFigure(string Name, string Title, string XLabel, string YLabel, IReadOnlyList<string> Categories, IReadOnlyList<ValueSeries> Bars, bool Stacked = false)
    : Figure(Name, Title);

/// <summary>Panels above each other with one x axis: temperature, volume and energy of a run against time.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">Time, with unit.</param>
/// <param name="Panels">From top to bottom.</param>
public sealed record TraceFigure(string Name, string Title, string XLabel, IReadOnlyList<TracePanel> Panels) : Figure(Name, Title);

/// <summary>One panel of a <see cref="TraceFigure"/>.</summary>
/// <param name="YLabel">With unit.</param>
/// <param name="Lines">One per run.</param>
/// <param name="Target">The set temperature, or null.</param>
public sealed record TracePanel(string YLabel, IReadOnlyList<Series> Lines, TargetLine? Target = null);

/// <summary>What ran when, one row per name.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">Time since the start, with unit.</param>
/// <param name="Spans">In order of their rows' first appearance.</param>
public sealed record TimelineFigure(string Name, string Title, string XLabel, IReadOnlyList<TimeSpanBar> Spans) : Figure(Name, Title);

/// <summary>One bar of a <see cref="TimelineFigure"/>.</summary>
/// <param name="Row">Names its row.</param>
/// <param name="Start">In the unit of the axis.</param>
/// <param name="End">In the unit of the axis.</param>
/// <param name="Kind">Gives the colour; in the legend.</param>
public sealed record TimeSpanBar(string Row, double Start, double End, string Kind);

/// <summary>Smooth curves of many points; errors are a band one standard error wide to each side.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">With unit.</param>
/// <param name="YLabel">With unit.</param>
/// <param name="Curves">With bands where they have errors; a value that is not finite is a gap.</param>
/// <param name="Marks">Places on the x axis to compare with, drawn as dotted vertical lines with their names.</param>
/// <param name="Logarithmic">Both axes.</param>
public sealed record CurveFigure(string Name, string Title, string XLabel, string YLabel, IReadOnlyList<Series> Curves, IReadOnlyList<PlaceMark> Marks, bool Logarithmic = false)
    : Figure(Name, Title);

/// <summary>A place on an x axis.</summary>
/// <param name="X">In the unit of the axis.</param>
/// <param name="Name">Beside it.</param>
public sealed record PlaceMark(double X, string Name);
