using MofInterop.Analysis;

namespace MofInterop.Steps;

/// <summary>Writes curves for other programs: one CSV file a kind of curve and state (RFC 4180), headings with units, empty fields where there is no value; and all results as JSON.</summary>
public static class CurveFiles
{
    /// <summary>Folder of the tables.</summary>
    public const string TableFolder = "tables";

    private const double FemtosecondsInPicosecond = 1000;

    /// <summary>Writes everything into a folder: all results, and the tables in a folder below it.</summary>
    public static void Write(string folder, CurveResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        StepJson.Write(Path.Combine(folder, CurveResults.FileName), results);
        var tables = Directory.CreateDirectory(Path.Combine(folder, TableFolder)).FullName;
        foreach (var state in results.States)
        {
            foreach (var (kind, table) in Tables(state))
            {
                var name = results.States.Count == 1 ? kind : $"{kind}-{state.Name}";
                CsvTable.WriteColumns(Path.Combine(tables, name + ".csv"), table);
            }
        }
    }

    private static IEnumerable<(string Kind, List<(string Heading, IReadOnlyList<double> Values)> Columns)> Tables(StateCurves state)
    {
        if (state.Pairs.Count > 0)
        {
            yield return ("rdf", [("r_angstrom", state.Pairs[0].Curve.R), .. state.Pairs.SelectMany(PairColumns)]);
        }

        foreach (var angle in state.Angles)
        {
            yield return ($"angle-{angle.Name}", AngleColumns(angle));
        }

        foreach (var dihedral in state.Dihedrals)
        {
            yield return ($"dihedral-{dihedral.Name}", AngleColumns(dihedral));
        }

        foreach (var one in state.Coordination)
        {
            var known = double.IsFinite(state.Interval);
            var unit = one.FramesPerPoint * (known ? state.Interval / FemtosecondsInPicosecond : 1);
            yield return ($"coordination-{one.Name}", [(known ? "time_ps" : "frame", [.. one.Series.Select((_, k) => (k + 0.5) * unit)]), ("coordination", one.Series)]);
        }

        if (state.Displacements.Count > 0)
        {
            yield return ("msd", [("time_ps", [.. state.Displacements[0].Times.Select(time => time / FemtosecondsInPicosecond)]), .. state.Displacements.SelectMany(DisplacementColumns)]);
        }

        if (state.Spectrum is { } spectrum)
        {
            IReadOnlyList<SpectrumCurve> curves = [spectrum.Total, .. spectrum.Partial];
            yield return ("vdos", [("wavenumber_per_cm", spectrum.Wavenumbers), .. curves.SelectMany(SpectrumColumns)]);
            yield return ("vacf", [("time_ps", [.. spectrum.CorrelationTimes.Select(time => time / FemtosecondsInPicosecond)]), .. spectrum.Correlations.Select(curve => ($"vacf_{curve.Group}", (IReadOnlyList<double>)curve.Values))]);
        }
    }

    private static IEnumerable<(string, IReadOnlyList<double>)> PairColumns(PairAverage pair)
    {
        var name = $"{pair.Curve.First}-{pair.Curve.Second}";
        yield return ($"g_{name}", pair.Curve.G);
        yield return ($"g_{name}_error", pair.Curve.Errors);
        yield return ($"n_{name}", pair.Curve.Coordination);
        if (pair.MeanForce is { } energy)
        {
            yield return ($"pmf_{name}_eV", energy);
            yield return ($"pmf_{name}_error_eV", pair.MeanForceErrors!);
        }
    }

    private static List<(string, IReadOnlyList<double>)> AngleColumns(AngleCurve curve) => [("angle_degree", curve.Angles), ("density_per_degree", curve.Density), ("error_per_degree", curve.Errors)];

    private static (string, IReadOnlyList<double>)[] DisplacementColumns(DisplacementResult result) => [($"msd_{result.Group}_angstrom2", result.Displacement), ($"msd_{result.Group}_error_angstrom2", result.Errors)];

    private static (string, IReadOnlyList<double>)[] SpectrumColumns(SpectrumCurve curve) => [($"vdos_{curve.Group}_cm", curve.Density), ($"vdos_{curve.Group}_error_cm", curve.Errors)];
}
