namespace MofInterop.Recipes.Tests.Runs;

/// <summary>
/// Static properties of the face-centred cubic crystal of <see cref="ArgonRecipe"/> by sums over its shells, written out here: energy, pressure, and elastic constants of pair potentials at zero
/// pressure, C_ijkl = 1/(2Ω)·Σ (φ″ − φ′/R)·R_i R_j R_k R_l/R² (M. Born and K. Huang, Dynamical Theory of Crystal Lattices, 1954).
/// </summary>
internal sealed class ArgonSums(double cutoff = ArgonRecipe.Cutoff)
{
    private const double ToGigapascal = 160.2176634;

    /// <summary>Where the pressure vanishes, Å.</summary>
    public double LatticeConstant()
    {
        double low = 1.4 * ArgonRecipe.Diameter, high = 1.7 * ArgonRecipe.Diameter;
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            (low, high) = Sum(middle, (_, first, _, r) => -first * r) > 0 ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>eV an atom.</summary>
    public double Energy(double constant) => 0.5 * Sum(constant, (value, _, _, _) => value);

    /// <summary>C11, GPa.</summary>
    public double C11() => Constant((x, _, r) => x * x * x * x / (r * r));

    /// <summary>C12 and C44, which Cauchy's relation makes equal, GPa.</summary>
    public double C12() => Constant((x, y, r) => x * x * y * y / (r * r));

    private double Constant(Func<double, double, double, double> geometry)
    {
        var constant = LatticeConstant();
        var volume = constant * constant * constant / 4;
        var sum = 0.0;
        foreach (var (x, y, r) in Neighbours(constant))
        {
            var (_, first, second) = Pair(r);
            sum += (second - first / r) * geometry(x, y, r);
        }

        return sum / (2 * volume) * ToGigapascal;
    }

    private double Sum(double constant, Func<double, double, double, double, double> term) => Neighbours(constant).Sum(neighbour =>
    {
        var (value, first, second) = Pair(neighbour.R);
        return term(value, first, second, neighbour.R);
    });

    private IEnumerable<(double X, double Y, double R)> Neighbours(double constant)
    {
        var reach = (int)Math.Ceiling(2 * cutoff / constant) + 1;
        for (var i = -reach; i <= reach; i++)
        {
            for (var j = -reach; j <= reach; j++)
            {
                for (var k = -reach; k <= reach; k++)
                {
                    var r = constant / 2 * Math.Sqrt(i * i + j * j + k * k);
                    if ((i + j + k) % 2 == 0 && r > 0 && r < cutoff)
                    {
                        yield return (constant / 2 * i, constant / 2 * j, r);
                    }
                }
            }
        }
    }

    private static (double Value, double First, double Second) Pair(double r)
    {
        var sixth = Math.Pow(ArgonRecipe.Diameter / r, 6);
        return (4 * ArgonRecipe.WellDepth * (sixth * sixth - sixth), -24 * ArgonRecipe.WellDepth * (2 * sixth * sixth - sixth) / r, 24 * ArgonRecipe.WellDepth * (26 * sixth * sixth - 7 * sixth) / (r * r));
    }
}
