using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>
/// The elastic tensor C as a 6×6 matrix in Voigt's notation, xx yy zz yz xz xy, strains of shear counted twice, in the unit of the stresses that it was made of, and what follows from it: averages
/// of R. Hill, Proc. Phys. Soc. A 65 (1952) 349; anisotropy of S. I. Ranganathan and M. Ostoja-Starzewski, Phys. Rev. Lett. 101 (2008) 055504; stability of M. Born (all eigenvalues positive; F. Mouhat
/// and F.-X. Coudert, Phys. Rev. B 90 (2014) 224104). Immutable.
/// </summary>
public sealed class ElasticTensor
{
    private readonly Matrix<double> _c;

    /// <param name="values"><c>double[36]</c> row-major; made symmetric by the mean with its transpose.</param>
    /// <exception cref="MofException">Not 36 finite numbers (InvalidArgument).</exception>
    public ElasticTensor(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != 36 || !values.All(double.IsFinite))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"an elastic tensor of {values.Count} numbers", expected: "36 finite ones");
        }

        var given = Matrix<double>.Build.Dense(6, 6, (i, j) => values[6 * i + j]);
        _c = (given + given.Transpose()) / 2;
        Asymmetry = (given - given.Transpose()).Enumerate().Max(Math.Abs) / 2;
    }

    /// <summary>C_ij, places from 0.</summary>
    public double this[int i, int j] => _c[i, j];

    /// <summary><c>double[36]</c> row-major.</summary>
    public double[] Values => [.. Enumerable.Range(0, 36).Select(k => _c[k / 6, k % 6])];

    /// <summary>How far the given matrix was from its symmetric part at most: what is left of differences, noise and stress of the reference.</summary>
    public double Asymmetry { get; }

    /// <summary>The eigenvalues in rising order.</summary>
    public double[] Eigenvalues => [.. _c.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];

    /// <summary>Born's condition: every strain costs energy.</summary>
    public bool IsStable => Eigenvalues[0] > 0;

    /// <summary>Bulk modulus of uniform strain: an upper bound of that of a polycrystal.</summary>
    public double VoigtBulk => (_c[0, 0] + _c[1, 1] + _c[2, 2] + 2 * (_c[0, 1] + _c[0, 2] + _c[1, 2])) / 9;

    /// <summary>Shear modulus of uniform strain.</summary>
    public double VoigtShear => (_c[0, 0] + _c[1, 1] + _c[2, 2] - _c[0, 1] - _c[0, 2] - _c[1, 2] + 3 * (_c[3, 3] + _c[4, 4] + _c[5, 5])) / 15;

    /// <summary>Bulk modulus of uniform stress, a lower bound; that of a single crystal under pressure.</summary>
    public double ReussBulk
    {
        get
        {
            var s = _c.Inverse();
            return 1 / (s[0, 0] + s[1, 1] + s[2, 2] + 2 * (s[0, 1] + s[0, 2] + s[1, 2]));
        }
    }

    /// <summary>Shear modulus of uniform stress.</summary>
    public double ReussShear
    {
        get
        {
            var s = _c.Inverse();
            return 15 / (4 * (s[0, 0] + s[1, 1] + s[2, 2]) - 4 * (s[0, 1] + s[0, 2] + s[1, 2]) + 3 * (s[3, 3] + s[4, 4] + s[5, 5]));
        }
    }

    /// <summary>Mean of Voigt's and Reuss's bulk moduli.</summary>
    public double HillBulk => (VoigtBulk + ReussBulk) / 2;

    /// <summary>Mean of Voigt's and Reuss's shear moduli.</summary>
    public double HillShear => (VoigtShear + ReussShear) / 2;

    /// <summary>Young's modulus of a polycrystal by Hill's averages.</summary>
    public double Young => 9 * HillBulk * HillShear / (3 * HillBulk + HillShear);

    /// <summary>Poisson's ratio of a polycrystal by Hill's averages.</summary>
    public double Poisson => (3 * HillBulk - 2 * HillShear) / (2 * (3 * HillBulk + HillShear));

    /// <summary>A^U = 5·G_V/G_R + K_V/K_R − 6; 0 for an isotropic crystal.</summary>
    public double UniversalAnisotropy => 5 * VoigtShear / ReussShear + VoigtBulk / ReussBulk - 6;

    /// <summary>From the stresses of a relaxed crystal under small strains of both signs, one component at a time: C_ik = (σ_i(+δ_k) − σ_i(−δ_k))/(2δ).</summary>
    /// <param name="plus">Six stresses, each <c>double[6]</c>, tension positive: of +δ in xx, yy, zz, 2yz, 2xz, 2xy.</param>
    /// <param name="minus">Of −δ.</param>
    /// <param name="strain">δ.</param>
    public static ElasticTensor OfStresses(IReadOnlyList<IReadOnlyList<double>> plus, IReadOnlyList<IReadOnlyList<double>> minus, double strain)
    {
        ArgumentNullException.ThrowIfNull(plus);
        ArgumentNullException.ThrowIfNull(minus);
        var values = new double[36];
        for (var k = 0; k < 6; k++)
        {
            for (var i = 0; i < 6; i++)
            {
                values[6 * i + k] = (plus[k][i] - minus[k][i]) / (2 * strain);
            }
        }

        return new ElasticTensor(values);
    }

    /// <summary>The tensor as the symmetry of the crystal has it: its mean over the operations of the point group.</summary>
    /// <param name="operations">Rotations and rotoinversions in the frame of reference of the tensor, <c>double[9]</c> row-major each: r′ = R·r.</param>
    public ElasticTensor Symmetrized(IReadOnlyList<double[]> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (operations.Count == 0)
        {
            return this;
        }

        var sum = Matrix<double>.Build.Dense(6, 6);
        foreach (var rotation in operations)
        {
            var k = StressRotation(rotation);
            sum += k * _c * k.Transpose();
        }

        return new ElasticTensor([.. Enumerable.Range(0, 36).Select(place => sum[place / 6, place % 6] / operations.Count)]);
    }

    /// <summary>The 6×6 matrix K by which a rotation turns a stress in Voigt's notation; C turns as K·C·Kᵀ (W. A. Bond, 1943).</summary>
    private static Matrix<double> StressRotation(double[] r)
    {
        ReadOnlySpan<(int A, int B)> places = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        var matrix = Matrix<double>.Build.Dense(6, 6);
        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                var (a, b) = places[i];
                var (c, d) = places[j];
                matrix[i, j] = c == d ? r[3 * a + c] * r[3 * b + d] : r[3 * a + c] * r[3 * b + d] + r[3 * a + d] * r[3 * b + c];
            }
        }

        return matrix;
    }
}
