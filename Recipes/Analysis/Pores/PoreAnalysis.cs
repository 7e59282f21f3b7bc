using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// Pores of a periodic structure of hard spheres, in a cell of any shape: what fits, what passes, how much room and surface there is.
/// </summary>
/// <remarks>
/// Diameters are exact (1e-6 Å) and do not depend on the grid: windows are places between three atoms, and from each spheres grow until atoms hold them. Volumes
/// are counted on the grid, each point judged exactly; surfaces are counted on points of spheres. Definitions as in Zeo++ (T. F. Willems and co-workers,
/// Microporous Mesoporous Mater. 149, 134 (2012); D. Ongari and co-workers, Langmuir 33, 14529 (2017)), which replaces larger atoms by several small ones.
/// </remarks>
public static class PoreAnalysis
{
    private const double SquareMetrePerCubicCentimetre = 1e4;
    private const double CubicCentimetre = 1e-24;
    private const double GramPerKilogram = 1e3;

    /// <summary>Measures the pores of a structure.</summary>
    /// <param name="structure">Periodic; guests count as framework.</param>
    /// <param name="settings">Null: the defaults.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">Not periodic, without atoms, or a setting out of range.</exception>
    public static PoreResult Measure(AtomicConfiguration structure, PoreSettings? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(structure);
        settings ??= new PoreSettings();
        settings.Require();
        var cell = Require(structure);
        var radii = settings.Radii.Of(structure);
        var surfaces = new AtomSurfaces(cell, structure.Positions, radii);
        var grid = SurfaceGrid.Build(surfaces, settings.GridSpacing, settings.Threads, cancellation);
        var (network, map) = new NetworkBuilder(surfaces, grid, settings.Threads, cancellation).Build();
        var grams = structure.Symbols.Sum(symbol => Elements.BySymbol(symbol).Mass) * PhysicalConstants.AtomicMass * GramPerKilogram;
        var density = grams / (cell.Volume * CubicCentimetre);
        var probes = settings.Probes.Select(probe => Probe(structure, settings, surfaces, grid, network, map, radii, probe, density, cancellation)).ToArray();
        var distribution = settings.DistributionSamples > 0 ? PoreSizeDistribution.Sample(surfaces, grid, network, settings.DistributionSamples, settings.Threads, cancellation) : null;
        return new PoreResult(
            cell.Volume, density, PoreDiameters.Of(network), (double)grid.CountOutside() / grid.Values.Length, probes, distribution);
    }

    private static Cell Require(AtomicConfiguration structure)
    {
        if (!structure.Periodic || structure.Cell is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the structure is not periodic", expected: "a crystal with its cell", remedy: "Pores of a single molecule have no volume.");
        }

        if (structure.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the structure has no atoms");
        }

        for (var k = 0; k < structure.Positions.Length; k++)
        {
            if (!double.IsFinite(structure.Positions[k]))
            {
                throw new MofException(ErrorKind.InvalidArgument, "a position is not finite", where: $"atom {k / 3} (counted from 0)");
            }
        }

        return structure.Cell;
    }

    private static ProbeResult Probe(
        AtomicConfiguration structure, PoreSettings settings, AtomSurfaces surfaces, SurfaceGrid grid, PoreNetwork network, CavityMap map, double[] radii, double probe, double density, CancellationToken cancellation)
    {
        var access = new ProbeAccess(network, map, surfaces, grid, probe);
        var contacts = ProbeContacts.Find(surfaces, access, settings.Threads, cancellation);
        var volumes = ProbeVolumes.Count(surfaces, grid, access, contacts, settings.Threads, cancellation);
        var surface = ProbeSurface.Count(surfaces, access, structure.Positions, radii, settings.SurfaceDensity, settings.Threads, cancellation);
        return new ProbeResult(
            probe, access.ChannelDimensions, access.Pockets,
            Volume(volumes.Accessible), Volume(volumes.Enclosed), Volume(volumes.OccupiableAccessible), Volume(volumes.OccupiableEnclosed), Surface(surface.Accessible), Surface(surface.Enclosed));

        PoreVolume Volume(double cubic) => new(cubic, cubic / surfaces.Cell.Volume, cubic / surfaces.Cell.Volume / density);

        PoreSurface Surface(double square) =>
            new(square, square / surfaces.Cell.Volume * SquareMetrePerCubicCentimetre, square / surfaces.Cell.Volume * SquareMetrePerCubicCentimetre / density);
    }
}
