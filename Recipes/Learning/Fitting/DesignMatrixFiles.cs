using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// Writes the rows of a fit as FitSNAP dumps them (<c>dump_descriptors</c>, <c>dump_truth</c>, <c>dump_weights</c>), for other solvers and
/// for comparison: <c>Descriptors.npy</c> <c>[rows][species·(1 + components)]</c>, <c>Truth-Ref.npy</c> and <c>Weights.npy</c> <c>[rows]</c>,
/// not yet multiplied with each other, little-endian double.
/// </summary>
/// <remarks>
/// Row order: the energies of all configurations (of one atom, eV), the forces of all (eV/Å, atom by atom, x y z), the stresses of all (bar with LAMMPS's
/// sign, xx yy zz yz xz xy; none for a configuration without a cell). A label that is missing is 0 with the weight 0. Columns: by species the constant
/// and the components; FitSNAP has no constants with <c>bzeroflag = 1</c>. Memory: one configuration's rows.
/// </remarks>
public static class DesignMatrixFiles
{
    /// <summary>The names of the files.</summary>
    public const string Descriptors = "Descriptors.npy", Truth = "Truth-Ref.npy", Weights = "Weights.npy";

    /// <summary>Writes the three files into a folder.</summary>
    /// <param name="folder">That is there.</param>
    /// <param name="model">The descriptor; its coefficients are not used.</param>
    /// <param name="settings">The weights.</param>
    /// <param name="configurations">Typed and labelled, less what is not fitted; their order is that of the rows of each kind.</param>
    /// <param name="cancellation">Stops between configurations.</param>
    /// <exception cref="MofException">A configuration has no label, or see <see cref="SnapDesignMatrix.Compute"/>.</exception>
    public static void Write(string folder, SnapModel model, SnapTrainingSettings settings, IReadOnlyList<AtomicConfiguration> configurations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(configurations);
        using var design = new SnapDesignMatrix(model);
        long forces = configurations.Count, stress = forces + configurations.Sum(one => 3L * one.Count), rows = stress + configurations.Sum(one => one.Periodic ? 6L : 0);
        using var descriptors = new NumpyFile(Path.Combine(folder, Descriptors), rows, design.ColumnCount);
        using var truth = new NumpyFile(Path.Combine(folder, Truth), rows, null);
        using var weights = new NumpyFile(Path.Combine(folder, Weights), rows, null);
        for (var k = 0; k < configurations.Count; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            var one = configurations[k];
            var label = one.Label ?? throw new MofException(ErrorKind.InvalidArgument, "a configuration without reference results has no rows", where: $"configuration {k}", expected: "energy and forces");
            var weight = settings.RowWeightsOf(one);
            design.Compute(one);
            Put(k, 0, [label.Energy], 1.0 / one.Count, weight.Energy);
            Put(forces, 1, label.Forces, 1, weight.Force);
            forces += label.Forces.Length;
            if (one.Periodic)
            {
                Put(stress, 1 + label.Forces.Length, label.Stress ?? [.. Enumerable.Repeat(double.NaN, 6)], -PhysicalConstants.LammpsMetalPressure, weight.Stress / PhysicalConstants.LammpsMetalPressure);
                stress += 6;
            }
        }

        void Put(long place, int row, ReadOnlySpan<double> values, double unit, double weight)
        {
            for (var n = 0; n < values.Length; n++)
            {
                descriptors.Write(place + n, design.Row(row + n), unit);
                var known = !double.IsNaN(values[n]);
                truth.Write(place + n, [known ? values[n] : 0], unit);
                weights.Write(place + n, [known ? weight : 0], 1);
            }
        }
    }

    /// <summary>A .npy file of format 1.0, whose rows are written in any order.</summary>
    private sealed class NumpyFile : IDisposable
    {
        private readonly FileStream _file;
        private readonly long _start;
        private readonly double[] _row;

        public NumpyFile(string path, long rows, int? columns)
        {
            _row = new double[columns ?? 1];
            var shape = columns is null ? $"{rows.ToString(CultureInfo.InvariantCulture)}," : string.Create(CultureInfo.InvariantCulture, $"{rows}, {columns}");
            var header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}";

            // Magic, version, length of the header; the header ends in a line feed at a multiple of 64 bytes.
            const int Before = 10, Unit = 64;
            var length = (Before + header.Length + Unit) / Unit * Unit - Before;
            _file = new FileStream(path, FileMode.Create, FileAccess.Write);
            _file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)(length % 256), (byte)(length / 256)]);
            _file.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
            _start = _file.Position;
        }

        public void Write(long row, ReadOnlySpan<double> values, double factor)
        {
            for (var k = 0; k < _row.Length; k++)
            {
                // Adding zero makes −0 a 0.
                _row[k] = values[k] * factor + 0.0;
            }

            var position = _start + row * _row.Length * sizeof(double);
            if (_file.Position != position)
            {
                _file.Position = position;
            }

            _file.Write(MemoryMarshal.AsBytes<double>(_row));
        }

        public void Dispose() => _file.Dispose();
    }
}
