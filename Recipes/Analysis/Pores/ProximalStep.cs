namespace MofInterop.Analysis.Pores;

/// <summary>
/// Maximises min_i(d_i + g_i·s) − |s|²/(2τ) over s, exactly: d_i the distance to the surface of atom i, g_i its gradient. Not thread-safe.
/// </summary>
/// <remarks>
/// By its dual, min over λ ≥ 0, Σλ = 1 of Σλ_i d_i + τ/2·|Σλ_i g_i|², s = τ·Σλ_i g_i. At most four atoms have λ &gt; 0. A working set grows by the atom that a
/// solution violates most and loses those with λ = 0; within the set all subsets of up to four are tried, so it is finite and needs no tolerance that matters.
/// </remarks>
internal sealed class ProximalStep
{
    private const int MostHeld = 4;
    private const int MostRounds = 200;
    private const double Slack = 1e-13;

    private readonly List<int> _set = [];
    private readonly List<Point3> _support = [];
    private readonly double[] _matrix = new double[(MostHeld + 1) * (MostHeld + 2)];
    private readonly double[] _weights = new double[MostHeld + 1];
    private readonly int[] _subset = new int[MostHeld];
    private double[] _distances = new double[64];
    private Point3[] _gradients = new Point3[64];

    /// <summary>s, Å; not longer than τ.</summary>
    public Point3 Vector { get; private set; }

    /// <summary>Gradients of the atoms with λ &gt; 0.</summary>
    public IReadOnlyList<Point3> Support => _support;

    /// <summary>Solves for the atoms near a place.</summary>
    /// <returns>By how much d rises at least, Å.</returns>
    public double Solve(NearbyAtoms near, Point3 place, double tau)
    {
        var first = Prepare(near, place);
        _set.Clear();
        _set.Add(first);
        var level = _distances[first];
        for (var round = 0; round < MostRounds; round++)
        {
            if (!SolveOnSet(tau, out level))
            {
                break;
            }

            var violator = Violator(near.Count, level);
            if (violator < 0 || _set.Contains(violator))
            {
                break;
            }

            _set.Add(violator);
        }

        return Lowest(near.Count) - _distances[first];
    }

    private int Prepare(NearbyAtoms near, Point3 place)
    {
        if (_distances.Length < near.Count)
        {
            _distances = new double[2 * near.Count];
            _gradients = new Point3[2 * near.Count];
        }

        var first = 0;
        for (var i = 0; i < near.Count; i++)
        {
            var away = place - near.Position(i);
            var length = away.Length;
            _distances[i] = length - near.Radius[i];
            _gradients[i] = length > 1e-12 ? 1 / length * away : new Point3(1, 0, 0);
            first = _distances[i] < _distances[first] ? i : first;
        }

        return first;
    }

    private double Lowest(int count)
    {
        var lowest = double.PositiveInfinity;
        for (var i = 0; i < count; i++)
        {
            lowest = Math.Min(lowest, _distances[i] + _gradients[i].Dot(Vector));
        }

        return lowest;
    }

    private int Violator(int count, double level)
    {
        var (found, lowest) = (-1, level - Slack);
        for (var i = 0; i < count; i++)
        {
            var value = _distances[i] + _gradients[i].Dot(Vector);
            if (value < lowest)
            {
                (found, lowest) = (i, value);
            }
        }

        return found;
    }

    /// <summary>Tries the subsets of the working set; keeps the atoms of the one that solves it.</summary>
    private bool SolveOnSet(double tau, out double level)
    {
        for (var mask = 1; mask < 1 << _set.Count; mask++)
        {
            var size = System.Numerics.BitOperations.PopCount((uint)mask);
            if (size > MostHeld)
            {
                continue;
            }

            for (int k = 0, n = 0; k < _set.Count; k++)
            {
                if ((mask >> k & 1) != 0)
                {
                    _subset[n++] = _set[k];
                }
            }

            if (SolveOnSubset(size, tau, out level, out var vector) && Feasible(vector, level))
            {
                Vector = vector;
                _set.Clear();
                _support.Clear();
                for (var k = 0; k < size; k++)
                {
                    if (_weights[k] > 1e-12)
                    {
                        _set.Add(_subset[k]);
                        _support.Add(_gradients[_subset[k]]);
                    }
                }

                return true;
            }
        }

        level = 0;
        return false;
    }

    private bool Feasible(Point3 vector, double level)
    {
        foreach (var i in _set)
        {
            if (_distances[i] + _gradients[i].Dot(vector) < level - Slack)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>λ of a subset whose atoms are all level after the step: d_i + τ·g_i·Σλ_j g_j = t, Σλ = 1.</summary>
    private bool SolveOnSubset(int size, double tau, out double level, out Point3 vector)
    {
        var width = size + 2;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                _matrix[i * width + j] = tau * _gradients[_subset[i]].Dot(_gradients[_subset[j]]);
            }

            _matrix[i * width + size] = -1;
            _matrix[i * width + size + 1] = -_distances[_subset[i]];
            _matrix[size * width + i] = 1;
        }

        _matrix[size * width + size] = 0;
        _matrix[size * width + size + 1] = 1;
        (level, vector) = (0, default);
        if (!Eliminate(size + 1))
        {
            return false;
        }

        for (var i = 0; i < size; i++)
        {
            if (_weights[i] < -1e-13)
            {
                return false;
            }

            vector += tau * _weights[i] * _gradients[_subset[i]];
        }

        level = _weights[size];
        return true;
    }

    /// <summary>Gauss with partial pivoting on the augmented matrix of n rows; the solution goes to the weights.</summary>
    private bool Eliminate(int n)
    {
        var width = n + 1;
        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(_matrix[row * width + column]) > Math.Abs(_matrix[pivot * width + column]) ? row : pivot;
            }

            if (Math.Abs(_matrix[pivot * width + column]) < 1e-11)
            {
                return false;
            }

            for (var k = 0; k < width && pivot != column; k++)
            {
                (_matrix[column * width + k], _matrix[pivot * width + k]) = (_matrix[pivot * width + k], _matrix[column * width + k]);
            }

            for (var row = column + 1; row < n; row++)
            {
                var factor = _matrix[row * width + column] / _matrix[column * width + column];
                for (var k = column; k < width && factor != 0; k++)
                {
                    _matrix[row * width + k] -= factor * _matrix[column * width + k];
                }
            }
        }

        for (var row = n - 1; row >= 0; row--)
        {
            var value = _matrix[row * width + n];
            for (var k = row + 1; k < n; k++)
            {
                value -= _matrix[row * width + k] * _weights[k];
            }

            _weights[row] = value / _matrix[row * width + row];
        }

        return true;
    }
}
