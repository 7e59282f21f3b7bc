using MofInterop.Potentials.Atoms;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// Finds the largest sphere between the atoms that covers a place: exactly where its centre is a cavity, else from the best grid point on. Safe for concurrent use.
/// </summary>
/// <remarks>What can cover a place of a box, cavities and boxes of grid points, is listed once for the box, the largest first.</remarks>
internal sealed class LargestSphereSearch
{
    private readonly Cell _cell;
    private readonly SurfaceGrid _grid;
    private readonly GridMaxima _maxima;
    private readonly Cavity[] _cavities;
    private readonly Lazy<Candidates>[] _candidates;

    public LargestSphereSearch(AtomSurfaces surfaces, SurfaceGrid grid, PoreNetwork network)
    {
        (_cell, _grid, _maxima) = (surfaces.Cell, grid, new GridMaxima(grid));
        _cavities = [.. network.Cavities.OrderByDescending(cavity => cavity.Radius)];
        _candidates = [.. Enumerable.Range(0, _maxima.Count).Select(box => new Lazy<Candidates>(() => CandidatesOf(box)))];
    }

    /// <summary>Radius of the sphere, Å; not a number inside an atom.</summary>
    /// <param name="fractions">Of the place along the cell vectors, from 0 to 1.</param>
    /// <param name="shift">Overwritten.</param>
    public double Find((double A, double B, double C) fractions, SphereShift shift)
    {
        var (x, y, z) = _cell.ToCartesian(fractions.A, fractions.B, fractions.C);
        var place = new Point3(x, y, z);
        var (cavities, boxes) = _candidates[_maxima.BoxAt(fractions.A, fractions.B, fractions.C)].Value;
        var own = shift.RadiusAt(place);
        if (own < 0)
        {
            return double.NaN;
        }

        var cavity = cavities.FirstOrDefault(cavity => (cavity.Position - place).Length <= cavity.Radius);
        var best = new CoveringSphere(place, own);
        if (cavity.Radius > own)
        {
            best = new CoveringSphere(cavity.Position, cavity.Radius);
        }

        foreach (var (box, image) in boxes)
        {
            if (_maxima.LargestIn(box) <= best.Radius)
            {
                break;
            }

            var found = _maxima.LargestCovering(box, place - image, best with { Center = best.Center - image });
            best = found with { Center = found.Center + image };
        }

        return best.Radius > cavity.Radius ? shift.Grow(place, best.Center, _grid.HalfDiagonal) : best.Radius;
    }

    private Candidates CandidatesOf(int box)
    {
        var center = _maxima.Center(box);
        var shifts = new List<Point3>();
        var cavities = new List<Cavity>();
        foreach (var cavity in _cavities)
        {
            _grid.Images.Find(cavity.Position - center, cavity.Radius + _maxima.PlaceReach, shifts);
            cavities.AddRange(shifts.Select(shift => cavity with { Position = cavity.Position + shift }));
        }

        var boxes = new List<(int Box, Point3 Shift)>();
        for (var other = 0; other < _maxima.Count; other++)
        {
            if (_maxima.LargestIn(other) > 0)
            {
                _grid.Images.Find(_maxima.Center(other) - center, _maxima.LargestIn(other) + _maxima.Reach + _maxima.PlaceReach, shifts);
                boxes.AddRange(shifts.Select(shift => (other, shift)));
            }
        }

        return new Candidates([.. cavities], [.. boxes.OrderByDescending(one => _maxima.LargestIn(one.Box))]);
    }

    private readonly record struct Candidates(Cavity[] Cavities, (int Box, Point3 Shift)[] Boxes);
}
