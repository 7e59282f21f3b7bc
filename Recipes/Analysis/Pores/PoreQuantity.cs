using System.Globalization;

namespace MofInterop.Analysis.Pores;

/// <summary>One number of a result.</summary>
/// <param name="Name">For tables: <c>accessible volume</c>.</param>
/// <param name="Probe">Radius of the probe, Å; null where none takes part.</param>
/// <param name="Unit">As text.</param>
/// <param name="Value">In that unit.</param>
public sealed record PoreQuantity(string Name, double? Probe, string Unit, double Value)
{
    /// <summary>All numbers of a result, always in the same order for the same probes.</summary>
    public static IReadOnlyList<PoreQuantity> Of(PoreResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var found = new List<PoreQuantity>
        {
            new("largest included sphere, diameter (Di)", null, "Å", result.Diameters.LargestIncluded),
            new("largest free sphere, diameter (Df)", null, "Å", result.Diameters.LargestFree),
            new("largest included sphere along its path, diameter (Dif)", null, "Å", result.Diameters.LargestAlongFreePath),
        };
        found.AddRange(result.Diameters.Directions.Select(direction => new PoreQuantity($"largest free sphere along {direction.Direction}, diameter", null, "Å", direction.LargestFree)));
        found.Add(new("cell volume", null, "Å³", result.CellVolume));
        found.Add(new("density", null, "g/cm³", result.Density));
        found.Add(new("void fraction", null, "", result.VoidFraction));
        foreach (var probe in result.Probes)
        {
            void Add(string name, string unit, double value) => found.Add(new(name, probe.Radius, unit, value));
            Add("channels", "", probe.ChannelDimensions.Count);
            Add("pockets", "", probe.Pockets);
            AddVolume("accessible volume (AV)", probe.AccessibleVolume);
            AddVolume("volume in pockets (NAV)", probe.EnclosedVolume);
            AddVolume("total porous volume (AV + NAV)", probe.TotalVolume);
            AddVolume("occupiable volume (POAV)", probe.OccupiableVolume);
            AddVolume("occupiable volume in pockets (PONAV)", probe.EnclosedOccupiableVolume);
            AddSurface("accessible surface (ASA)", probe.AccessibleSurface);
            AddSurface("surface in pockets (NASA)", probe.EnclosedSurface);

            void AddVolume(string name, PoreVolume volume)
            {
                Add(name, "Å³", volume.CubicAngstrom);
                Add(name, "fraction", volume.Fraction);
                Add(name, "cm³/g", volume.CubicCentimetrePerGram);
            }

            void AddSurface(string name, PoreSurface surface)
            {
                Add(name, "Å²", surface.SquareAngstrom);
                Add(name, "m²/cm³", surface.SquareMetrePerCubicCentimetre);
                Add(name, "m²/g", surface.SquareMetrePerGram);
            }
        }

        return found;
    }

    /// <summary>The name with probe and unit.</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Name}{(Probe is { } probe ? $", probe {probe} Å" : "")}{(Unit.Length > 0 ? $", {Unit}" : "")}");
}
