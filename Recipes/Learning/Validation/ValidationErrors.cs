using MofInterop.Potentials.Units;

namespace MofInterop.Learning;

/// <summary>Errors of fits on configurations that they have not seen: root mean squares over the rows that count, each by the square of its weight.</summary>
/// <param name="Energy">meV/atom; NaN where no energy counts.</param>
/// <param name="Force">meV/Å; NaN where no force counts.</param>
/// <param name="Stress">MPa; NaN where no stress counts.</param>
/// <param name="Weighted">Of all rows together, each multiplied by its weight, a pure number: what a fit makes small.</param>
public sealed record ValidationErrors(double Energy, double Force, double Stress, double Weighted);

/// <summary>Sums of squares of weighted rows.</summary>
/// <param name="Squares">Σ (w·Δ)².</param>
/// <param name="Weights">Σ w², in units of the rows.</param>
/// <param name="Rows">How many count.</param>
internal readonly record struct RowSums(double Squares, double Weights, long Rows)
{
    public static RowSums operator +(RowSums a, RowSums b) => new(a.Squares + b.Squares, a.Weights + b.Weights, a.Rows + b.Rows);

    /// <summary>With a residual in place of the label.</summary>
    public RowSums With(double squares) => this with { Squares = squares };

    /// <summary>√(Σ(wΔ)²/Σw²).</summary>
    public double RootMeanSquare => Math.Sqrt(Squares / Weights);
}

/// <summary>Residuals of one or several folds.</summary>
/// <param name="Energy">Of energies an atom.</param>
/// <param name="Force">Of force components.</param>
/// <param name="Stress">Of stress components.</param>
internal readonly record struct ResidualSums(RowSums Energy, RowSums Force, RowSums Stress)
{
    public static ResidualSums operator +(ResidualSums a, ResidualSums b) => new(a.Energy + b.Energy, a.Force + b.Force, a.Stress + b.Stress);

    /// <summary>The errors.</summary>
    public ValidationErrors Errors
    {
        get
        {
            var all = Energy + Force + Stress;
            return new ValidationErrors(
                1000 * Energy.RootMeanSquare,
                1000 * Force.RootMeanSquare,
                PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal * Stress.RootMeanSquare,
                Math.Sqrt(all.Squares / all.Rows));
        }
    }
}
