using System.Numerics;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Bispectrum components of one center and their derivatives, the slow and obvious way (A. P. Thompson et al.,
/// J. Comput. Phys. 285, 316 (2015); LAMMPS <c>SNA::compute_ui, compute_zi, compute_bi, compute_dbidrj</c>):
/// U = self + Σ_neighbours switching·weight·U_neighbour;
/// Z(j1,j2,j) = Σ C·C·U_j1·U_j2; B(j1,j2,j) = Σ_{ma,mb} U_j*·Z(j1,j2,j);
/// ∂B = Σ ∂U_j*·Z(j1,j2,j) + (j+1)/(j1+1)·Σ ∂U_j1*·Z(j,j2,j1) + (j+1)/(j2+1)·Σ ∂U_j2*·Z(j,j1,j2).
/// Sums over whole planes, real by the mirror symmetry of U. One instance serves one thread.
/// </summary>
internal sealed class SnapBispectrum
{
    private readonly SnapParameters _parameters;
    private readonly int _densities;
    private readonly WignerFunctions _wigner;
    private readonly BispectrumIndex[] _components;
    private readonly Dictionary<(int J1, int J2, int J), int> _zStart = [];
    private readonly double[][] _clebschGordan;
    private readonly Complex[] _total;
    private readonly Complex[] _one;
    private readonly Complex[] _gradient;
    private readonly Complex[] _z;
    private readonly int _zSize;

    /// <summary>Creates work space for a model's descriptor.</summary>
    public SnapBispectrum(SnapModel model)
    {
        _parameters = model.Parameters;
        _densities = _parameters.Chemical ? model.Species.Count : 1;
        _wigner = new WignerFunctions(_parameters);
        _components = SnapIndices.Components(_parameters.TwoJMax);
        _clebschGordan = new double[Blocks(_parameters.TwoJMax).Count()][];
        foreach (var (j1, j2, j) in Blocks(_parameters.TwoJMax))
        {
            _clebschGordan[_zStart.Count] = ClebschGordan.Block(j1, j2, j);
            _zStart.Add((j1, j2, j), _zSize);
            _zSize += (j + 1) * (j + 1);
        }

        _total = new Complex[_densities * _wigner.Size];
        _one = new Complex[_wigner.Size];
        _gradient = new Complex[3 * _wigner.Size];
        _z = new Complex[_densities * _densities * _zSize];
        Count = model.BispectrumCount;
    }

    /// <summary>Components of a center, all triples of densities counted.</summary>
    public int Count { get; }

    /// <summary>Computes B of a center, <c>[Count]</c>.</summary>
    public void Compute(SnapNeighborhood neighborhood, Span<double> bispectrum)
    {
        SumDensities(neighborhood);
        MakeZ();
        for (var place = 0; place < Count; place++)
        {
            var (first, second, third) = Densities(place);
            var (j1, j2, j) = _components[place % _components.Length];
            var sum = 0.0;
            var z = Z(first, second, j1, j2, j);
            var u = Layer(_total.AsSpan(third * _wigner.Size), j);
            for (var e = 0; e < z.Length; e++)
            {
                sum += u[e].Real * z[e].Real + u[e].Imaginary * z[e].Imaginary;
            }

            bispectrum[place] = sum - IsolatedAtom(neighborhood.CenterSpecies, first, second, third, j);
        }
    }

    /// <summary>After <see cref="Compute"/>: ∂B/∂r_j of one neighbour, <c>[3][Count]</c>, 1/Å.</summary>
    public void ComputeDerivatives(in SnapNeighbor neighbor, Span<double> derivatives)
    {
        _wigner.ComputeGradient(neighbor, _one, _gradient);
        var density = _parameters.Chemical ? neighbor.Species : 0;
        for (var place = 0; place < Count; place++)
        {
            var (first, second, third) = Densities(place);
            var (j1, j2, j) = _components[place % _components.Length];
            for (var k = 0; k < 3; k++)
            {
                ReadOnlySpan<Complex> du = _gradient.AsSpan(k * _wigner.Size, _wigner.Size);
                var sum = 0.0;
                if (third == density)
                {
                    sum += Contract(Layer(du, j), Z(first, second, j1, j2, j));
                }

                if (first == density)
                {
                    sum += Contract(Layer(du, j1), Z(third, second, j, j2, j1)) * Exchange(j, j1);
                }

                if (second == density)
                {
                    sum += Contract(Layer(du, j2), Z(third, first, j, j1, j2)) * Exchange(j, j2);
                }

                derivatives[k * Count + place] = sum;
            }
        }
    }

    private static IEnumerable<(int J1, int J2, int J)> Blocks(int twoJMax)
    {
        for (var j1 = 0; j1 <= twoJMax; j1++)
        {
            for (var j2 = 0; j2 <= j1; j2++)
            {
                for (var j = j1 - j2; j <= Math.Min(twoJMax, j1 + j2); j += 2)
                {
                    yield return (j1, j2, j);
                }
            }
        }
    }

    private static double Contract(ReadOnlySpan<Complex> u, ReadOnlySpan<Complex> z)
    {
        var sum = 0.0;
        for (var e = 0; e < u.Length; e++)
        {
            sum += u[e].Real * z[e].Real + u[e].Imaginary * z[e].Imaginary;
        }

        return sum;
    }

    private static ReadOnlySpan<Complex> Layer(ReadOnlySpan<Complex> planes, int j) =>
        planes.Slice(SnapIndices.LayerStart(j), (j + 1) * (j + 1));

    // Z(j1,j2,j)/(j+1) is the same for every order of the three; with bnormflag Z already is divided.
    private double Exchange(int j, int other) => _parameters.Normalized ? 1 : (j + 1.0) / (other + 1);

    private (int First, int Second, int Third) Densities(int place) => SnapIndices.DensitiesOf(place / _components.Length, _densities);

    private ReadOnlySpan<Complex> Z(int first, int second, int j1, int j2, int j) =>
        _z.AsSpan((first * _densities + second) * _zSize + _zStart[(j1, j2, j)], (j + 1) * (j + 1));

    private double IsolatedAtom(int center, int first, int second, int third, int j)
    {
        var self = _parameters.SelfInAllDensities || !_parameters.Chemical || (first == center && second == center && third == center);
        return _parameters.SubtractIsolatedAtom && self ? (_parameters.Normalized ? 1 : j + 1) : 0;
    }

    private void SumDensities(SnapNeighborhood neighborhood)
    {
        _total.AsSpan().Clear();
        for (var density = 0; density < _densities; density++)
        {
            if (!_parameters.Chemical || _parameters.SelfInAllDensities || density == neighborhood.CenterSpecies)
            {
                for (var j = 0; j <= _parameters.TwoJMax; j++)
                {
                    for (var m = 0; m <= j; m++)
                    {
                        _total[density * _wigner.Size + SnapIndices.LayerStart(j) + m * (j + 1) + m] = Complex.One;
                    }
                }
            }
        }

        foreach (ref readonly var neighbor in neighborhood.Neighbors)
        {
            _wigner.Compute(neighbor, _one);
            var target = _total.AsSpan((_parameters.Chemical ? neighbor.Species : 0) * _wigner.Size, _wigner.Size);
            for (var e = 0; e < target.Length; e++)
            {
                target[e] += _one[e];
            }
        }
    }

    private void MakeZ()
    {
        for (var first = 0; first < _densities; first++)
        {
            for (var second = 0; second < _densities; second++)
            {
                var block = 0;
                foreach (var (j1, j2, j) in _zStart.Keys)
                {
                    var target = _z.AsSpan((first * _densities + second) * _zSize + _zStart[(j1, j2, j)], (j + 1) * (j + 1));
                    MakeZ(Layer(_total.AsSpan(first * _wigner.Size), j1), Layer(_total.AsSpan(second * _wigner.Size), j2), _clebschGordan[block++], j1, j2, j, target);
                }
            }
        }
    }

    private void MakeZ(ReadOnlySpan<Complex> u1, ReadOnlySpan<Complex> u2, double[] cg, int j1, int j2, int j, Span<Complex> z)
    {
        // The sums run over m1 + m2 = m + shift in both indices; each element of the upper half mirrors one of the lower.
        var shift = (j1 + j2 - j) / 2;
        var norm = _parameters.Normalized ? 1.0 / (j + 1) : 1;
        for (var mb = 0; 2 * mb <= j; mb++)
        {
            for (var ma = 0; ma <= j; ma++)
            {
                double real = 0, imaginary = 0;
                for (var mb1 = Math.Max(0, mb + shift - j2); mb1 <= Math.Min(j1, mb + shift); mb1++)
                {
                    var mb2 = mb + shift - mb1;
                    double rowReal = 0, rowImaginary = 0;
                    for (var ma1 = Math.Max(0, ma + shift - j2); ma1 <= Math.Min(j1, ma + shift); ma1++)
                    {
                        var ma2 = ma + shift - ma1;
                        var (p, q, c) = (u1[mb1 * (j1 + 1) + ma1], u2[mb2 * (j2 + 1) + ma2], cg[ma1 * (j2 + 1) + ma2]);
                        rowReal += c * (p.Real * q.Real - p.Imaginary * q.Imaginary);
                        rowImaginary += c * (p.Real * q.Imaginary + p.Imaginary * q.Real);
                    }

                    var weight = cg[mb1 * (j2 + 1) + mb2] * norm;
                    real += weight * rowReal;
                    imaginary += weight * rowImaginary;
                }

                var sign = (ma + mb) % 2 == 0 ? 1 : -1;
                z[mb * (j + 1) + ma] = new Complex(real, imaginary);
                z[(j - mb) * (j + 1) + j - ma] = new Complex(sign * real, -sign * imaginary);
            }
        }
    }
}
