using System.Text.Json.Serialization;
using MofInterop.Analysis;

namespace MofInterop.Steps;

/// <summary>Means over a window of time.</summary>
public sealed record MeltWindow
{
    /// <summary>Middle of the window since the beginning of its stage, ps.</summary>
    public required double Picoseconds { get; init; }

    /// <summary>Measured, K.</summary>
    public required double Temperature { get; init; }

    /// <summary>g/cm³.</summary>
    public required double Density { get; init; }

    /// <summary>Potential energy of an atom, eV.</summary>
    public required double Energy { get; init; }

    /// <summary>MPa, compression positive.</summary>
    public required double Pressure { get; init; }

    /// <summary>Root mean square displacement of the mobile atoms over half of the window, Å.</summary>
    public required double Displacement { get; init; }

    /// <summary>Lindemann's ratio of that displacement.</summary>
    public required double Lindemann { get; init; }

    /// <summary>Power of time with which displacements grow.</summary>
    public required double Exponent { get; init; }

    /// <summary>Coordination and linkers; null without a net.</summary>
    public MeltNet? Net { get; init; }
}

/// <summary>The net of metals and linkers, averaged.</summary>
/// <param name="Coordination">Donors of a metal.</param>
/// <param name="Intact">Part of the linkers that are whole and hold as many metals as in the crystal.</param>
/// <param name="Dangling">Fewer.</param>
/// <param name="Free">None.</param>
/// <param name="Broken">With a broken bond inside.</param>
/// <param name="Rings">Primitive rings for each metal by size; sizes without rings are left out.</param>
public sealed record MeltNet(double Coordination, double Intact, double Dangling, double Free, double Broken, IReadOnlyDictionary<int, double> Rings);

/// <summary>What was measured along a stage.</summary>
public sealed record MeltStageRecord
{
    /// <summary>crystal, heating, hold, cooling or glass.</summary>
    public required string Name { get; init; }

    /// <summary>Temperature aimed at in the beginning, K.</summary>
    public required double From { get; init; }

    /// <summary>And at the end, K.</summary>
    public required double To { get; init; }

    /// <summary>Since the beginning of the run, ps.</summary>
    public double Begin { get; init; }

    /// <summary>Length, ps.</summary>
    public required double Length { get; init; }

    /// <summary>In the order of time.</summary>
    public required IReadOnlyList<MeltWindow> Windows { get; init; }

    /// <summary>Means over the measured end, by name, with errors by blocking; none where the stage is no state, or did not come to its end.</summary>
    public IReadOnlyDictionary<string, Estimate> Means { get; init; } = new Dictionary<string, Estimate>();

    /// <summary>Rings for each metal by size over the measured end.</summary>
    public IReadOnlyDictionary<int, double> Rings { get; init; } = new Dictionary<int, double>();
}

/// <summary>When something happened in a run.</summary>
/// <param name="Stage">In which stage.</param>
/// <param name="Picoseconds">Since the beginning of the run, ps: the middle of the first window of those in which it holds.</param>
/// <param name="Temperature">Measured in that window, K.</param>
public sealed record MeltEvent(string Stage, double Picoseconds, double Temperature);

/// <summary>A criterion in a run.</summary>
/// <param name="Criterion">Which.</param>
/// <param name="Met">When it was met on heating or hold; null: never.</param>
/// <param name="Lost">When, on cooling, it ceased to hold; null: never, or it was never met.</param>
public sealed record MeltRunCriterion(MeltingCriterion Criterion, MeltEvent? Met, MeltEvent? Lost);

/// <summary>A run.</summary>
/// <param name="Name">run-1, …</param>
/// <param name="Problem">Why it ended early, or null.</param>
/// <param name="Stages">That were begun.</param>
/// <param name="Criteria">In the order of the criteria.</param>
/// <param name="Melted">When the last of the criteria that decide was met; null: not all were.</param>
public sealed record MeltRunRecord(string Name, string? Problem, IReadOnlyList<MeltStageRecord> Stages, IReadOnlyList<MeltRunCriterion> Criteria, MeltEvent? Melted);

/// <summary>A criterion over all runs.</summary>
/// <param name="Criterion">Which.</param>
/// <param name="Decides">Whether it has to be met.</param>
/// <param name="Definition">In words, with its thresholds.</param>
/// <param name="Source">Where the thresholds are from.</param>
/// <param name="RunsMet">Runs in which it was met.</param>
/// <param name="Temperature">At which, over these runs, K.</param>
/// <param name="RunsLost">Of these, runs in which it ceased to hold on cooling.</param>
/// <param name="LostTemperature">At which, K.</param>
public sealed record MeltCriterionRecord(MeltingCriterion Criterion, bool Decides, string Definition, string Source, int RunsMet, Estimate? Temperature, int RunsLost, Estimate? LostTemperature);

/// <summary>Crystal, liquid or glass, averaged over runs.</summary>
/// <param name="Name">Which.</param>
/// <param name="Runs">How many came to its end.</param>
/// <param name="Means">By name; errors are the scatter of runs, with one run by blocking.</param>
/// <param name="Rings">Rings for each metal by size.</param>
public sealed record MeltStateRecord(string Name, int Runs, IReadOnlyDictionary<string, Estimate> Means, IReadOnlyDictionary<int, Estimate> Rings);

/// <summary>How far the radial distribution functions of two states are from each other.</summary>
/// <param name="Pair">Which atoms.</param>
/// <param name="CrystalLiquid">Mean |Δg|.</param>
/// <param name="CrystalGlass">Mean |Δg|.</param>
/// <param name="LiquidGlass">Mean |Δg|.</param>
public sealed record MeltDifference(string Pair, double CrystalLiquid, double CrystalGlass, double LiquidGlass);

/// <summary>All results of a melt-quench.</summary>
public sealed record MeltQuenchRecord
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "melt-quench.json";

    /// <summary>Of what the file holds.</summary>
    [JsonPropertyOrder(-1)]
    public IReadOnlyDictionary<string, string> Units { get; init; } = new Dictionary<string, string>
    {
        ["temperature, from, to, lost_temperature, melting"] = "K", ["picoseconds, begin, length, window"] = "ps", ["density"] = "g/cm^3", ["energy"] = "eV/atom", ["displacement, spacing"] = "angstrom",
        ["volume"] = "angstrom^3", ["pressure"] = "MPa", ["heating_rate, cooling_rate"] = "K/ps", ["rings"] = "rings per metal atom", ["coordination"] = "donors per metal atom",
        ["intact, dangling, free, broken"] = "fraction of the linkers", ["lindemann, exponent, differences"] = "1", ["error"] = "one standard error",
    };

    /// <summary>What came of it, one sentence.</summary>
    public required string Verdict { get; init; }

    /// <summary>Runs in which all criteria that decide were met.</summary>
    public required int RunsMelted { get; init; }

    /// <summary>Temperature at which the last of them was met, over these runs; null: none melted.</summary>
    public Estimate? Melting { get; init; }

    /// <summary>Of heating, as simulated.</summary>
    public required double HeatingRate { get; init; }

    /// <summary>Of cooling.</summary>
    public required double CoolingRate { get; init; }

    /// <summary>Length of the windows.</summary>
    public required double Window { get; init; }

    /// <summary>Ensemble and freedom of the cell.</summary>
    public required string Ensemble { get; init; }

    /// <summary>Atoms whose mobility counts.</summary>
    public required string MobileAtoms { get; init; }

    /// <summary>Distance of their neighbours in the crystal.</summary>
    public required double Spacing { get; init; }

    /// <summary>Lindemann's ratio that must be passed.</summary>
    public required double LindemannThreshold { get; init; }

    /// <summary>Power of time that must be passed.</summary>
    public required double ExponentThreshold { get; init; }

    /// <summary>The criteria.</summary>
    public required IReadOnlyList<MeltCriterionRecord> Criteria { get; init; }

    /// <summary>Crystal, liquid, glass.</summary>
    public required IReadOnlyList<MeltStateRecord> States { get; init; }

    /// <summary>By pair of elements, all atoms last.</summary>
    public required IReadOnlyList<MeltDifference> Differences { get; init; }

    /// <summary>The runs.</summary>
    public required IReadOnlyList<MeltRunRecord> Runs { get; init; }
}
