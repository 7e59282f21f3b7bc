namespace MofInterop.Analysis.Pores;

/// <summary>
/// Counts the places that a probe can cover (with any of its points, not only its centre), exactly. Not thread-safe.
/// </summary>
/// <remarks>
/// A place is covered when a possible centre is no further than the probe's radius. The centre nearest to a place where none can be is one of these: the nearest point
/// of a sphere R_i + r, the nearest point of a circle in which two of them meet, or a corner in which three meet (<see cref="ProbeContacts"/>).
/// The distance to it changes by at most the distance walked, so most boxes of grid points are decided by their middle.
/// </remarks>
internal sealed class OccupiableSpace
{
    // Boxes of so many points along an edge are asked as a whole first.
    private const int LargestBox = SurfaceGrid.Block / 2;

    private readonly AtomSurfaces _surfaces;
    private readonly SurfaceGrid _grid;
    private readonly ProbeAccess _access;
    private readonly ProbeContacts _contacts;
    private readonly ProbeObstacles _obstacles;
    private readonly SphereGrowth _growth;
    private readonly NearbyAtoms _near = new();
    private readonly NearbyAtoms _circles = new();
    private readonly NearbyAtoms _corners = new();
    private readonly List<int> _spheres = [];
    private readonly double[] _reach = new double[SurfaceGrid.Block + 1];
    private int _lastSphere;
    private double _accessible;
    private double _enclosed;
    private double _limit;

    public OccupiableSpace(AtomSurfaces surfaces, SurfaceGrid grid, ProbeAccess access, ProbeContacts contacts)
    {
        (_surfaces, _grid, _access, _contacts) = (surfaces, grid, access, contacts);
        _obstacles = new ProbeObstacles(access.Radius);
        _growth = new SphereGrowth(surfaces);
        for (var size = 1; size <= SurfaceGrid.Block; size *= 2)
        {
            _reach[size] = grid.LongestDiagonal(size - 1, size - 1, size - 1) / 2;
        }
    }

    /// <summary>Counts the grid points of a block.</summary>
    public void Count(int block, VolumeCounts counts)
    {
        var box = Box.Of(_grid, _grid.BlockStart(block), SurfaceGrid.Block);
        var open = CountCenters(box, counts);
        if (open == 0)
        {
            return;
        }

        var center = box.Center(_grid);
        var reach = _reach[SurfaceGrid.Block] + _reach[LargestBox];
        _contacts.Corners.Gather(center, _access.Radius + reach, _corners);
        _contacts.Circles.Gather(center, _access.Radius + reach, _circles);
        _surfaces.Gather(center, 2 * _access.Radius + reach, _near);
        _obstacles.Set(_near);
        _spheres.Clear();
        for (var i = 0; i < _near.Count; i++)
        {
            if (_contacts.IsFree(_near.Index[i]))
            {
                _spheres.Add(i);
            }
        }

        _lastSphere = 0;
        if (_spheres.Count > 0)
        {
            CountParts(box, counts);
        }
    }

    /// <summary>Counts where the centre can be.</summary>
    /// <returns>How many points are outside the atoms and no place for the centre.</returns>
    private int CountCenters(Box box, VolumeCounts counts)
    {
        var open = 0;
        for (var a = box.A; a < box.EndA; a++)
        {
            for (var b = box.B; b < box.EndB; b++)
            {
                var index = _grid.Index(a, b, box.C);
                for (var c = box.C; c < box.EndC; c++, index++)
                {
                    switch (_grid.Values[index] < 0 ? null : (ProbePlace?)_access.AtGridPoint(index))
                    {
                        case ProbePlace.Accessible:
                            counts.Accessible++;
                            break;
                        case ProbePlace.Enclosed:
                            counts.Enclosed++;
                            break;
                        case ProbePlace.Blocked:
                            open++;
                            break;
                    }
                }
            }
        }

        return open;
    }

    private int CountOpen(Box box)
    {
        var open = 0;
        for (var a = box.A; a < box.EndA; a++)
        {
            for (var b = box.B; b < box.EndB; b++)
            {
                foreach (var value in _grid.Values.AsSpan(_grid.Index(a, b, box.C), box.EndC - box.C))
                {
                    open += value >= 0 && value < _access.Radius ? 1 : 0;
                }
            }
        }

        return open;
    }

    private void CountBox(Box box, VolumeCounts counts)
    {
        var open = CountOpen(box);
        if (open == 0)
        {
            return;
        }

        var reach = _reach[box.Size];
        Search(box.Center(_grid), _access.Radius + reach, _access.Radius - reach);
        if (_accessible <= _access.Radius - reach)
        {
            counts.CoveredAccessible += open;
        }
        else if (_accessible > _limit && _enclosed <= _access.Radius - reach)
        {
            counts.CoveredEnclosed += open;
        }
        else if ((_accessible <= _limit || _enclosed <= _limit) && box.Size > 1)
        {
            CountParts(box, counts);
        }
    }

    private void CountParts(Box box, VolumeCounts counts)
    {
        var half = box.Size / 2;
        for (var part = 0; part < 8; part++)
        {
            var (a, b, c) = (box.A + (part >> 2) * half, box.B + (part >> 1 & 1) * half, box.C + (part & 1) * half);
            if (a < box.EndA && b < box.EndB && c < box.EndC)
            {
                CountBox(Box.Of(_grid, (a, b, c), half), counts);
            }
        }
    }

    /// <summary>Finds the distances of the nearest centre in a channel, and of the nearest one in a pocket that is nearer than that, both up to a limit.</summary>
    /// <param name="place">In the block, Å.</param>
    /// <param name="limit">Å; what is further away counts as infinitely far.</param>
    /// <param name="enough">A centre in a channel within this distance ends the search, Å.</param>
    private void Search(Point3 place, double limit, double enough)
    {
        (_accessible, _enclosed, _limit) = (double.PositiveInfinity, double.PositiveInfinity, limit);

        // What was nearest to the place before is mostly nearest to this one.
        TrySphere(place, _spheres[_lastSphere]);
        for (var n = 0; n < _spheres.Count && _accessible > enough; n++)
        {
            if (TrySphere(place, _spheres[n]))
            {
                _lastSphere = n;
            }
        }

        for (var n = 0; n < _corners.Count && _accessible > enough; n++)
        {
            var distance = (_corners.Position(n) - place).Length;
            if (Matters(distance))
            {
                Take(distance, _contacts.PlaceOf(_corners.Index[n]));
            }
        }

        for (var n = 0; n < _circles.Count && _accessible > enough; n++)
        {
            TryCircle(place, n);
        }
    }

    private bool TrySphere(Point3 place, int atom)
    {
        var away = place - _near.Position(atom);
        var length = away.Length;
        var radius = _near.Radius[atom] + _access.Radius;
        return Matters(Math.Abs(radius - length)) && length > 1e-12 && Try(Math.Abs(radius - length), _near.Position(atom) + radius / length * away);
    }

    private void TryCircle(Point3 place, int circle)
    {
        var axis = _contacts.Axis(_circles.Index[circle]);
        var apart = place - _circles.Position(circle);
        var height = apart.Dot(axis);
        var inPlane = apart - height * axis;
        var sideways = inPlane.Length;
        var radius = _circles.Radius[circle];
        var distance = Math.Sqrt(height * height + (sideways - radius) * (sideways - radius));
        if (Matters(distance))
        {
            Try(distance, _circles.Position(circle) + (sideways > 1e-12 ? radius / sideways * inPlane : radius * axis.Perpendicular()));
        }
    }

    private bool Matters(double distance) => distance <= _limit && distance < _accessible;

    private bool Try(double distance, Point3 center)
    {
        if (!_obstacles.IsFree(center))
        {
            return false;
        }

        Take(distance, _access.At(center, _growth));
        return true;
    }

    private void Take(double distance, ProbePlace found)
    {
        if (found == ProbePlace.Accessible)
        {
            _accessible = distance;
        }
        else
        {
            _enclosed = Math.Min(_enclosed, distance);
        }
    }

    /// <summary>Grid points from a first one up to, not including, an end, and the size that the box would have if the grid did not end there.</summary>
    private readonly record struct Box(int A, int B, int C, int EndA, int EndB, int EndC, int Size)
    {
        public static Box Of(SurfaceGrid grid, (int A, int B, int C) start, int size) => new(
            start.A, start.B, start.C, Math.Min(start.A + size, grid.Counts[0]), Math.Min(start.B + size, grid.Counts[1]), Math.Min(start.C + size, grid.Counts[2]), size);

        public Point3 Center(SurfaceGrid grid)
        {
            var middle = 0.5 * (Size - 1);
            return grid.Position(A + middle, B + middle, C + middle);
        }
    }
}
