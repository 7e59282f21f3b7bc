using System.Globalization;
using System.Text.RegularExpressions;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>Unit of the numbers in <c>-frc-1.xyz</c>, which the file does not name.</summary>
public enum Cp2kForceUnit
{
    /// <summary>CP2K's own choice.</summary>
    HartreePerBohr,

    /// <summary><c>UNIT eV*angstrom^-1</c> in the deck's FORCES section.</summary>
    ElectronVoltPerAngstrom,
}

/// <summary>What the files of a run do not say.</summary>
public sealed record Cp2kTrajectoryOptions
{
    /// <summary>The cell of runs without a <c>.cell</c> file (NVE, NVT).</summary>
    public Cell? Cell { get; init; }

    /// <summary>Unit of the forces.</summary>
    public Cp2kForceUnit ForceUnit { get; init; }
}

/// <summary>
/// Reads the files of a CP2K molecular-dynamics run: positions (<c>NAME-pos-1.xyz</c>, Å, with the potential energy in hartree on the comment line) and,
/// where they lie beside it, forces (<c>NAME-frc-1.xyz</c>, hartree/bohr), cell (<c>NAME-1.cell</c>, Å) and stress (<c>NAME-1.stress</c>, bar or GPa, sign of +W/V).
/// Frames are joined by their step. A frame with forces has a label.
/// </summary>
/// <remarks>
/// The stress file holds the kinetic part too (checked with 2023.1: virial plus Σ m v⊗v). A label's stress is the derivative of the
/// potential energy alone, so velocities (<c>NAME-vel-1.xyz</c>, bohr per atomic unit of time) are needed to take it out; where they are missing, or
/// do not give the kinetic energy of <c>NAME-1.ener</c> (other masses), labels have no stress, and the notes say so. A run that was restarted appends, and some steps
/// are there twice: the first of them counts.
/// </remarks>
public static partial class Cp2kTrajectory
{
    private const double KineticTolerance = 2e-3;

    /// <summary>Whether a file's name is that of CP2K's positions.</summary>
    public static bool IsPositions(string path) => PositionsName().IsMatch(Path.GetFileName(path));

    /// <summary>Reads frames as they are asked for.</summary>
    /// <param name="positions">The file of positions; the others are found by their names.</param>
    /// <param name="options">What the files do not say.</param>
    /// <param name="note">Told what is left out and why.</param>
    /// <exception cref="MofException">A file is missing or damaged, with <c>file:line</c> (FileFormat); or no cell is known (InvalidArgument).</exception>
    public static IEnumerable<AtomicConfiguration> Read(string positions, Cp2kTrajectoryOptions? options = null, Action<string>? note = null)
    {
        ArgumentNullException.ThrowIfNull(positions);
        options ??= new Cp2kTrajectoryOptions();
        var name = PositionsName().Match(Path.GetFileName(positions));
        if (!name.Success)
        {
            throw new MofException(ErrorKind.FileFormat, "this is not the name of CP2K's positions", positions, "NAME-pos-1.xyz, beside NAME-frc-1.xyz, NAME-1.cell and the like");
        }

        using var run = new RunFiles(positions, name.Groups[1].Value, name.Groups[2].Value, options, note ?? (_ => { }));
        while (run.Next() is { } frame)
        {
            yield return frame;
        }
    }

    [GeneratedRegex(@"^(.*)-pos-(\d+)\.xyz$")]
    private static partial Regex PositionsName();

    /// <summary>The open files of one run.</summary>
    private sealed class RunFiles : IDisposable
    {
        private readonly Cp2kTrajectoryOptions _options;
        private readonly string _positionsFile;
        private readonly Action<string> _note;
        private readonly HashSet<string> _said = [];
        private readonly Cp2kXyzSteps _positions;
        private readonly Cp2kXyzSteps? _forces;
        private readonly Cp2kXyzSteps? _velocities;
        private readonly Cp2kTableSteps? _cells;
        private readonly Cp2kTableSteps? _stresses;
        private readonly Cp2kTableSteps? _energies;

        public RunFiles(string positions, string project, string number, Cp2kTrajectoryOptions options, Action<string> note)
        {
            _options = options;
            _note = note;
            _positionsFile = positions;
            var folder = Path.GetDirectoryName(positions) ?? "";
            string Beside(string ending) => Path.Combine(folder, project + ending);
            _positions = new Cp2kXyzSteps(positions, note);
            _forces = Open(Beside($"-frc-{number}.xyz"), path => new Cp2kXyzSteps(path, note));
            _velocities = Open(Beside($"-vel-{number}.xyz"), path => new Cp2kXyzSteps(path, note));
            _cells = Open(Beside($"-{number}.cell"), path => new Cp2kTableSteps(path, note));
            _stresses = Open(Beside($"-{number}.stress"), path => new Cp2kTableSteps(path, note));
            _energies = Open(Beside($"-{number}.ener"), path => new Cp2kTableSteps(path, note));
        }

        public AtomicConfiguration? Next()
        {
            if (_positions.Next() is not { } place)
            {
                return null;
            }

            var symbols = place.Names.Select(kind => SymbolOf(kind, place)).ToArray();
            var cell = CellAt(place);
            var forces = _forces?.At(place.Step);
            var velocities = _velocities?.At(place.Step);
            Require(place, forces, "forces");
            Require(place, velocities, "velocities");
            Scale(velocities?.Values, PhysicalConstants.Bohr / PhysicalConstants.AtomicTimeInFemtoseconds);
            return new AtomicConfiguration(symbols, place.Values, cell, periodic: true)
            {
                Velocities = velocities?.Values,
                Label = forces is null ? null : LabelOf(place, forces, symbols, velocities?.Values, cell),
                Info = new Dictionary<string, string> { ["step"] = place.Step.ToString(CultureInfo.InvariantCulture) },
            };
        }

        public void Dispose()
        {
            foreach (var file in (IDisposable?[])[_positions, _forces, _velocities, _cells, _stresses, _energies])
            {
                file?.Dispose();
            }
        }

        private static T? Open<T>(string path, Func<string, T> open)
            where T : class => File.Exists(path) ? open(path) : null;

        private ReferenceLabel? LabelOf(Cp2kXyzStep place, Cp2kXyzStep forces, string[] symbols, double[]? velocities, Cell cell)
        {
            if (place.Energy is not { } energy)
            {
                SayOnce("the comment lines of the positions have no energy 'E =': frames have no labels");
                return null;
            }

            Scale(forces.Values, _options.ForceUnit == Cp2kForceUnit.HartreePerBohr ? PhysicalConstants.Hartree / PhysicalConstants.Bohr : 1);
            return new ReferenceLabel(energy * PhysicalConstants.Hartree, forces.Values, StressAt(place.Step, symbols, velocities, cell));
        }

        private Cell CellAt(Cp2kXyzStep place)
        {
            if (_cells is null)
            {
                SayOnce("there is no .cell file: all frames have the cell of the structure");
                return _options.Cell ?? throw new MofException(ErrorKind.InvalidArgument, "the run has no .cell file, and no structure gives its cell", _positionsFile, "NAME-1.cell beside the positions, or the structure of the run");
            }

            var row = _cells.At(place.Step) ?? throw new MofException(ErrorKind.FileFormat, $"the cell of step {place.Step} is missing", _cells.FilePath, "a line for every frame of the positions");
            return new Cell(row.AsSpan(Cp2kTableSteps.Leading, 9));
        }

        private double[]? StressAt(long step, string[] symbols, double[]? velocities, Cell cell)
        {
            if (_stresses?.At(step) is not { } row)
            {
                return null;
            }

            if (velocities is null)
            {
                SayOnce("labels have no stress: the .stress file holds the kinetic part, and without a file of velocities (-vel-) it cannot be taken out");
                return null;
            }

            var kinetic = new double[9];
            for (var i = 0; i < symbols.Length; i++)
            {
                var mass = Elements.BySymbol(symbols[i]).Mass * PhysicalConstants.MassVelocitySquared;
                for (var k = 0; k < 9; k++)
                {
                    kinetic[k] += mass * velocities[3 * i + k / 3] * velocities[3 * i + k % 3];
                }
            }

            var expected = _energies?.At(step)?[2] * PhysicalConstants.Hartree;
            var found = 0.5 * (kinetic[0] + kinetic[4] + kinetic[8]);
            if (expected is { } energy && Math.Abs(found - energy) > KineticTolerance * energy)
            {
                SayOnce(string.Create(CultureInfo.InvariantCulture, $"labels have no stress: the velocities give a kinetic energy of {found:g6} eV at step {step}, the .ener file says {energy:g6} eV (other masses or another unit)"));
                return null;
            }

            var pressure = new double[9];
            for (var k = 0; k < 9; k++)
            {
                pressure[k] = row[Cp2kTableSteps.Leading + k] * _stresses.PressureUnit - kinetic[k] / cell.Volume;
            }

            return Voigt.StressFromVirial(pressure, 1);
        }

        private void Require(Cp2kXyzStep place, Cp2kXyzStep? other, string what)
        {
            if (other is not null && !other.Names.SequenceEqual(place.Names))
            {
                throw new MofException(ErrorKind.FileFormat, $"the {what} of step {place.Step} belong to other atoms than the positions", _positionsFile, "files of one run");
            }
        }

        private void SayOnce(string text)
        {
            if (_said.Add(text[..Math.Min(40, text.Length)]))
            {
                _note($"{_positionsFile}: {text}");
            }
        }

        private string SymbolOf(string kind, Cp2kXyzStep place) =>
            AtomLabel.SymbolOf(kind) ?? throw new MofException(ErrorKind.FileFormat, $"{kind} is not a chemical element", $"{_positionsFile}, step {place.Step}");

        private static void Scale(double[]? values, double factor)
        {
            for (var i = 0; i < values?.Length; i++)
            {
                values[i] *= factor;
            }
        }
    }
}
