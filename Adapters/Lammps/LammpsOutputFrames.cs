using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>One frame of a run in the suite's units, the frame of reference and the order of atoms of the run's start.</summary>
/// <param name="Step">Step, counted through all stages as planned.</param>
/// <param name="Configuration">Unwrapped positions relative to the lower corner of the box, cell, types, velocities where written.</param>
/// <param name="Forces"><c>double[3N]</c>, eV/Å, of the run's potential, or null where not written.</param>
/// <param name="Thermo">The thermodynamic row of the same step, or null where there is none.</param>
public sealed record LammpsFrame(long Step, AtomicConfiguration Configuration, double[]? Forces, LammpsThermoRow? Thermo);

/// <summary>Turns raw dump frames into frames of the run.</summary>
internal sealed class LammpsOutputFrames
{
    private const double PicosecondInFemtoseconds = 1000;

    private readonly LammpsRun _run;
    private readonly LammpsCell _rotation;
    private readonly Dictionary<long, LammpsThermoRow> _rows = [];

    public LammpsOutputFrames(LammpsRun run, LammpsCell rotation, IEnumerable<LammpsThermoTable> tables)
    {
        _run = run;
        _rotation = rotation;
        foreach (var row in tables.SelectMany(table => table.Rows))
        {
            _rows[row.Step] = row;
        }
    }

    /// <exception cref="MofException">The frame does not hold the atoms of the run.</exception>
    public LammpsFrame Convert(LammpsDumpFrame raw)
    {
        var order = Order(raw);
        var positions = Reordered(raw, order, "xu", "yu", "zu");
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] -= raw.Origin[i % 3];
        }

        double[]? velocities = null;
        if (raw.Has("vx"))
        {
            velocities = Reordered(raw, order, "vx", "vy", "vz");
            for (var i = 0; i < velocities.Length; i++)
            {
                velocities[i] /= PicosecondInFemtoseconds;
            }

            velocities = _rotation.FromLammps(velocities);
        }

        var start = _run.Start;
        var configuration = new AtomicConfiguration(start.Symbols, _rotation.FromLammps(positions), _rotation.FromLammps(raw.Cell), true)
        {
            Types = start.Types,
            Velocities = velocities,
        };
        var forces = raw.Has("fx") ? _rotation.FromLammps(Reordered(raw, order, "fx", "fy", "fz")) : null;
        return new LammpsFrame(raw.Step, configuration, forces, _rows.GetValueOrDefault(raw.Step));
    }

    // order[i]: the row of the atom that was i-th in the start.
    private int[] Order(LammpsDumpFrame raw)
    {
        var ids = raw.Column("id");
        var order = new int[_run.Start.Count];
        Array.Fill(order, -1);
        for (var row = 0; row < ids.Length; row++)
        {
            var atom = (long)ids[row] - 1;
            if (atom >= 0 && atom < order.Length)
            {
                order[atom] = row;
            }
        }

        return ids.Length == order.Length && !order.Contains(-1)
            ? order
            : throw new MofException(ErrorKind.FileFormat, $"the frame holds {ids.Length} atoms", $"step {raw.Step} of {_run.Name}", $"the {order.Length} atoms of the start");
    }

    private static double[] Reordered(LammpsDumpFrame raw, int[] order, params ReadOnlySpan<string> names)
    {
        var values = raw.Columns(names);
        var result = new double[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            values.AsSpan(3 * order[i], 3).CopyTo(result.AsSpan(3 * i));
        }

        return result;
    }
}
