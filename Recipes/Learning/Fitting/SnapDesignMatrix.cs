using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// The rows of one configuration after another: how its energy, forces and stress depend on the coefficients of a
/// SNAP model. Columns: per species the constant, then its bispectrum components, and for a quadratic model their products
/// (see <see cref="QuadraticComponents"/>), so that a row times the model's coefficients is the prediction. Rows: 0 the energy (eV), 1 … 3N the forces (eV/Å, [natoms][3]), the last
/// six the stress (eV/Å³, ASE sign, xx yy zz yz xz xy). The memory is reused: 8·(3N + 7)·columns bytes, 1 MB for
/// 106 atoms and 392 columns, 114 MB for 424 atoms and the 11 172 columns of a quadratic model of seven species. Not thread-safe.
/// </summary>
public sealed unsafe class SnapDesignMatrix : IDisposable
{
    private readonly SnapModel _model;
    private readonly SnapDescriptors _descriptors;
    private readonly SpeciesLookup _species;
    private readonly NeighborList _list = new();
    private readonly double _cutoff;
    private readonly CenterScatter _scatter = new();
    private readonly NativeArray<double> _rows = new();
    private readonly NativeArray<double> _nowhere = new();
    private readonly QuadraticComponents? _quadratic;

    /// <summary>Makes work space for a model; its coefficients are not used.</summary>
    public SnapDesignMatrix(SnapModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _descriptors = new SnapDescriptors(model);
        _quadratic = model.Parameters.Quadratic ? new QuadraticComponents(model.BispectrumCount) : null;
        _nowhere.Reserve(3L * Stride + 8);
        _species = new SpeciesLookup(model.Species.Select(s => s.Label));
        for (var s = 0; s < model.Species.Count; s++)
        {
            for (var t = 0; t <= s; t++)
            {
                _cutoff = Math.Max(_cutoff, model.PairCutoff(s, t));
            }
        }
    }

    /// <summary>Coefficients of all species.</summary>
    public int ColumnCount => _model.Species.Count * _model.CoefficientCount;

    /// <summary>Distance from row to row in <see cref="Row"/>'s memory: the columns rounded up to whole vectors; the excess is zero.</summary>
    public int Stride => (ColumnCount + 7) / 8 * 8;

    /// <summary>Rows of the last configuration: 1 + 3N + 6 (without a cell 1 + 3N).</summary>
    public int RowCount { get; private set; }

    /// <summary>A row of the last configuration, <c>[ColumnCount]</c>.</summary>
    public ReadOnlySpan<double> Row(int row) => Rows.Slice(row * Stride, ColumnCount);

    /// <summary>All rows, <c>[RowCount][Stride]</c>; the caller may scale them.</summary>
    internal Span<double> Rows => new(_rows.Pointer, checked(RowCount * Stride));

    /// <summary>Computes the rows of a configuration.</summary>
    /// <exception cref="MofException">An atom's label (type, or symbol where untyped) is no species of the model, atoms overlap, or a position is not finite.</exception>
    public void Compute(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var species = _species.PlacesOf(configuration);
        RowCount = 1 + 3 * configuration.Count + (configuration.Periodic ? 6 : 0);
        // Behind the last species a scatter adds up to seven zeros.
        _rows.Reserve((long)RowCount * Stride + 8);
        Rows.Clear();
        var periodic = configuration.Periodic;
        _list.Build(configuration.Positions, configuration.Cell, periodic, periodic, periodic, _cutoff);
        var outcome = _descriptors.Compute(_list.View(species), new RowBuilder(this, configuration.Count));
        if (outcome.Status != EvaluationStatus.Success)
        {
            throw new MofException(ErrorKind.NumericalFailure, $"the descriptors cannot be computed: {outcome.Status}", where: $"atom {outcome.Atom} (counted from 0)");
        }

        if (periodic)
        {
            VirialToStress(configuration.Cell!.Volume, 1 + 3 * configuration.Count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _descriptors.Dispose();
        _list.Dispose();
        _scatter.Dispose();
        _rows.Dispose();
        _nowhere.Dispose();
        _quadratic?.Dispose();
    }

    private void VirialToStress(double volume, int first)
    {
        foreach (ref var value in Rows.Slice(first * Stride, 6 * Stride))
        {
            value *= -1 / volume;
        }
    }

    /// <summary>
    /// With E_i = β₀ + β·B_i, a neighbour feels −β·∂B/∂r_j, the center the opposite, and the virial (symmetric part)
    /// gains r_ij ⊗ f_j.
    /// </summary>
    private sealed class RowBuilder(SnapDesignMatrix matrix, int atomCount) : ISnapDescriptorConsumer
    {
        public void Accept(in SnapAtomDescriptors d)
        {
            fixed (double* bispectrum = d.Bispectrum, derivatives = d.Derivatives)
            {
                if (matrix._quadratic is { } quadratic)
                {
                    quadratic.Expand(bispectrum, derivatives, d.DerivativeWidth, d.Neighbors.Length);
                    Add(d, quadratic.Values, quadratic.Count, quadratic.Derivatives, quadratic.DerivativeWidth);
                }
                else
                {
                    Add(d, bispectrum, d.Bispectrum.Length, derivatives, d.DerivativeWidth);
                }
            }
        }

        private void Add(in SnapAtomDescriptors d, double* values, int components, double* derivatives, int width)
        {
            var own = matrix._rows.Pointer + d.Species * matrix._model.CoefficientCount;
            own[0] += 1;
            for (var k = 0; k < components; k++)
            {
                own[1 + k] += values[k];
            }

            Scatter(d, derivatives, width, own, ownImages: false);
            Scatter(d, derivatives, width, own, ownImages: true);
        }

        // An image of the center itself moves with it: the two feel nothing, but add to the virial.
        private void Scatter(in SnapAtomDescriptors d, double* derivatives, int width, double* own, bool ownImages)
        {
            var stride = matrix.Stride;
            var scatter = matrix._scatter;
            var owners = matrix._list.Owners;
            double* forces = own + stride, virial = own + (1 + 3L * atomCount) * stride, nowhere = matrix._nowhere.Pointer;
            scatter.Start(d.Neighbors.Length);
            for (var n = 0; n < d.Neighbors.Length; n++)
            {
                var owner = owners[d.Neighbors[n]];
                if (owner == d.Center == ownImages)
                {
                    scatter.Add(derivatives + 3L * n * width, ownImages ? nowhere : forces + 3L * owner * stride, width, stride, d.Displacements.Slice(3 * n, 3));
                }
            }

            if (scatter.Count > 0)
            {
                var periodic = matrix.RowCount > 1 + 3 * atomCount;
                scatter.Finish(ownImages ? nowhere : forces + 3L * d.Center * stride, periodic ? virial : null, width, stride);
            }
        }
    }
}
