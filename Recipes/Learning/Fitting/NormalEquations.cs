using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// AᵀW²A and AᵀW²b of a fit, accumulated configuration by configuration; no design matrix is kept. Memory: 1.2 MB for
/// 392 columns in each of <see cref="PartCount"/> parts, one configuration's rows for each thread (4 MB for 424 atoms)
/// and one energy row (3 kB) a configuration; one part of 1 GB for the 11 172 columns of a quadratic model. The bits of the sums depend on the order of the configurations and on
/// nothing else, not on the number of threads: add them in recorded order, not in order of arrival. Not thread-safe.
/// </summary>
/// <remarks>
/// Reference energies are huge (−6617 eV a cell of MOF-5 by xTB) and what is learnt is their variation. So energy
/// rows are kept apart, and <see cref="RightHandSide"/> takes per-species constants off them first, the least-squares
/// ones of smallest norm over all configurations; the fit adds them to its constant coefficients afterwards.
/// </remarks>
public sealed class NormalEquations : INormalEquations, IDisposable
{
    /// <summary>
    /// Configuration k goes to part k modulo this, whichever thread computes it; parts are summed in the end. More
    /// threads than parts are not used.
    /// </summary>
    public const int PartCount = 8;

    /// <summary>Beyond this many columns (quadratic models) there is one part, whose columns the threads share: eight would not fit into memory.</summary>
    private const int ManyColumns = 1024;

    private readonly SnapTrainingSettings _settings;
    private readonly Part[] _parts;
    private readonly DesignMatrixPool _designs;
    private readonly EnergyRows _energies;

    /// <summary>Starts with no configuration.</summary>
    public NormalEquations(SnapModel model, SnapTrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _designs = new DesignMatrixPool(model);
        _parts = [.. Enumerable.Range(0, PartCountOf(ColumnCount)).Select(_ => new Part(_designs.Stride))];
        _energies = new EnergyRows(ConstantColumnsOf(model));
    }

    /// <inheritdoc/>
    public int ColumnCount => _designs.ColumnCount;

    /// <inheritdoc/>
    public int ConfigurationCount => _energies.Rows.Count;

    /// <inheritdoc/>
    public long RowCount => _parts.Sum(part => part.RowCount);

    /// <inheritdoc/>
    public double Product(int i, int j)
    {
        var sum = 0.0;
        foreach (var part in _parts)
        {
            sum += part.Products[i, j];
        }

        return sum;
    }

    /// <summary>Adds a labelled configuration. A force component that is NaN was not computed: its row is left out.</summary>
    /// <exception cref="MofException">No label, a label of the wrong length or not finite, or see <see cref="SnapDesignMatrix.Compute"/>.</exception>
    public void Add(AtomicConfiguration configuration) => Add([configuration], threads: 1);

    /// <summary>
    /// Adds labelled configurations, several at a time. After an exception that concerns a configuration itself, some of
    /// the others may be in the sums: dispose of them.
    /// </summary>
    /// <inheritdoc cref="Add(AtomicConfiguration)" path="/exception"/>
    public void Add(IReadOnlyList<AtomicConfiguration> configurations, int threads)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ReferenceLabel[] labels = [.. configurations.Select(RequireLabel)];
        var rows = new EnergyRow[labels.Length];
        var before = _energies.Rows.Count;
        var parts = _parts.Length;
        _designs.For(Math.Min(parts, labels.Length), threads, (first, design) =>
        {
            for (var k = first; k < rows.Length; k += parts)
            {
                rows[k] = _parts[(before + k) % parts].Add(design, configurations[k], labels[k], _settings, parts == 1 ? threads : 1);
            }
        });
        _energies.Add(rows);
    }

    /// <inheritdoc/>
    public double[] SpeciesConstants() => _energies.SpeciesConstants();

    /// <inheritdoc/>
    public double[] RightHandSide(ReadOnlySpan<double> speciesConstants)
    {
        var right = new double[ColumnCount];
        foreach (var part in _parts)
        {
            for (var k = 0; k < right.Length; k++)
            {
                right[k] += part.Right[k];
            }
        }

        _energies.AddTo(right, speciesConstants);
        return right;
    }

    /// <inheritdoc/>
    public int UndeterminedConstants() => _energies.UndeterminedConstants();

    /// <inheritdoc/>
    public void Dispose() => _designs.Dispose();

    /// <summary>Parts for a number of columns.</summary>
    internal static int PartCountOf(int columns) => columns > ManyColumns ? 1 : PartCount;

    /// <summary>The columns of the species' constants.</summary>
    internal static int[] ConstantColumnsOf(SnapModel model) => [.. Enumerable.Range(0, model.Species.Count).Select(s => s * model.CoefficientCount)];

    /// <summary>The label of a configuration.</summary>
    /// <exception cref="MofException">There is none, or it is of the wrong length or not finite.</exception>
    internal static ReferenceLabel RequireLabel(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var label = configuration.Label
            ?? throw new MofException(ErrorKind.InvalidArgument, "a configuration without reference results cannot be trained on", expected: "energy and forces");
        if (label.Forces.Length != 3 * configuration.Count || label.Stress is { Length: not 6 })
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a label of {label.Forces.Length} force components for {configuration.Count} atoms");
        }

        if (!double.IsFinite(label.Energy) || label.Forces.Any(double.IsInfinity) || (label.Stress?.Any(s => !double.IsFinite(s)) ?? false))
        {
            throw new MofException(ErrorKind.NumericalFailure, "a reference energy, force or stress is not finite", remedy: "Look at the reference calculation; its result cannot be used.");
        }

        return label;
    }

    /// <summary>Sums over every <see cref="PartCount"/>th configuration.</summary>
    private sealed class Part(int stride)
    {
        public SymmetricAccumulator Products { get; } = new(stride);

        /// <summary>AᵀW²b without the energy rows, <c>[stride]</c>.</summary>
        public double[] Right { get; } = new double[stride];

        public long RowCount { get; private set; }

        public EnergyRow Add(SnapDesignMatrix design, AtomicConfiguration configuration, ReferenceLabel label, SnapTrainingSettings settings, int threads)
        {
            design.Compute(configuration);
            var weights = settings.RowWeightsOf(configuration);
            var energy = new EnergyRow(design.Row(0).ToArray(), label.Energy, weights.Energy / configuration.Count);
            var used = Weigh(design, 0, energy.Weight, 0);
            for (var k = 0; k < label.Forces.Length; k++)
            {
                used += Weigh(design, 1 + k, double.IsNaN(label.Forces[k]) ? 0 : weights.Force, label.Forces[k]);
            }

            for (var row = 1 + label.Forces.Length; row < design.RowCount; row++)
            {
                used += Weigh(design, row, label.Stress is null ? 0 : weights.Stress, label.Stress?[row - 1 - label.Forces.Length] ?? 0);
            }

            Products.Add(design.Rows, threads);
            RowCount += used;
            return energy;
        }

        // Returns the number of rows that count: 1, or 0 without a weight.
        private unsafe int Weigh(SnapDesignMatrix design, int row, double weight, double value)
        {
            fixed (double* first = design.Rows, right = Right)
            {
                RowArithmetic.Weigh(first + (long)row * design.Stride, weight, weight == 0 ? 0 : weight * value, right, design.Stride);
            }

            return weight == 0 ? 0 : 1;
        }
    }
}
