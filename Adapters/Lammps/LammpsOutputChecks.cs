using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>Looks through what a run wrote for the first sign of a blow-up. Not thread-safe.</summary>
internal sealed unsafe class LammpsOutputChecks(LammpsRun run) : IDisposable
{
    // LAMMPS's error texts that mean a simulation gone wrong, not an input gone wrong.
    private static readonly (string Text, BlowUpReason Reason)[] _errors =
    [
        ("Lost atoms", BlowUpReason.LostAtoms),
        ("Lost atom(s)", BlowUpReason.LostAtoms),
        ("Out of range atoms", BlowUpReason.LostAtoms),
        ("Non-numeric", BlowUpReason.NotFinite),
        ("simulation unstable", BlowUpReason.NotFinite),
        ("tilted box too far", BlowUpReason.Cell),
        ("box size << cutoff", BlowUpReason.Cell),
        ("Too many neighbor bins", BlowUpReason.Cell),
        ("Domain too large for neighbor bins", BlowUpReason.Cell),
        ("Box bounds are invalid", BlowUpReason.Cell),
        ("Neighbor list overflow", BlowUpReason.AtomsTooClose),
    ];

    private static readonly string[] _angles = ["alpha", "beta", "gamma"];

    private readonly NeighborList _near = new();
    private readonly double[] _parameters = run.Start.Cell!.Parameters();
    private readonly double _volume = run.Start.Cell!.Volume;

    /// <summary>The first row that is out of range, or null.</summary>
    public BlowUp? InRows(IEnumerable<LammpsThermoRow> rows) => rows.Select(InRow).FirstOrDefault(found => found is not null);

    /// <summary>The first frame before a step that is out of range, or null.</summary>
    public BlowUp? InFrames(IEnumerable<LammpsDumpFrame> frames, long before) =>
        frames.TakeWhile(frame => frame.Step < before).Select(InFrame).FirstOrDefault(found => found is not null);

    /// <summary>What an error text of LAMMPS means where it means a blow-up, or null.</summary>
    /// <param name="error">Without its source position.</param>
    /// <param name="lastStep">The last step that was seen.</param>
    public static BlowUp? InError(string error, long lastStep)
    {
        foreach (var (text, reason) in _errors)
        {
            if (error.Contains(text, StringComparison.Ordinal))
            {
                return new BlowUp(reason, lastStep + 1, error);
            }
        }

        return FailedPotential(error);
    }

    public void Dispose() => _near.Dispose();

    private BlowUp? InRow(LammpsThermoRow row)
    {
        if (!row.IsFinite)
        {
            return new BlowUp(BlowUpReason.NotFinite, row.Step, $"a thermodynamic quantity is not finite at step {row.Step}");
        }

        return run.Guards.MaximumTemperature is { } limit && row.Temperature >= limit
            ? new BlowUp(BlowUpReason.Temperature, row.Step, Text($"the temperature is {row.Temperature:0} K at step {row.Step}, the limit {limit:0} K"))
            : InCell([.. row.CellParameters], row.Volume, row.Step);
    }

    private BlowUp? InFrame(LammpsDumpFrame frame)
    {
        if (!Array.TrueForAll(frame.Rows, double.IsFinite) || !AllFinite(frame))
        {
            return new BlowUp(BlowUpReason.NotFinite, frame.Step, $"a position, velocity, force or cell vector is not finite at step {frame.Step}");
        }

        if (Math.Abs(frame.Rows[0] * frame.Rows[4] * frame.Rows[8]) < 1e-6)
        {
            return new BlowUp(BlowUpReason.Cell, frame.Step, $"the cell has no volume at step {frame.Step}");
        }

        var cell = frame.Cell;
        return InCell(cell.Parameters(), cell.Volume, frame.Step) ?? InDistances(frame, cell);
    }

    private BlowUp? InCell(double[] parameters, double volume, long step)
    {
        var guards = run.Guards;
        var ratio = volume / _volume;
        if (ratio <= guards.MinimumVolumeRatio || ratio >= guards.MaximumVolumeRatio)
        {
            return Out($"the volume is {ratio:0.000} of that at the start", $"{guards.MinimumVolumeRatio} to {guards.MaximumVolumeRatio}");
        }

        for (var k = 0; k < 6; k++)
        {
            var change = k < 3 ? Math.Abs(parameters[k] / _parameters[k] - 1) : Math.Abs(parameters[k] - _parameters[k]);
            if (change >= (k < 3 ? guards.MaximumLengthChange : guards.MaximumAngleChange))
            {
                return k < 3
                    ? Out($"the cell length {"abc"[k]} changed from {_parameters[k]:0.000} to {parameters[k]:0.000} angstrom", $"{guards.MaximumLengthChange:0.00} of it")
                    : Out($"the cell angle {_angles[k - 3]} changed from {_parameters[k]:0.0} to {parameters[k]:0.0} degrees", $"{guards.MaximumAngleChange:0} degrees");
            }
        }

        return null;

        BlowUp Out(FormattableString what, FormattableString limit) => new(BlowUpReason.Cell, step, $"{Text(what)} at step {step}, the limit {Text(limit)}");
    }

    private BlowUp? InDistances(LammpsDumpFrame frame, Cell cell)
    {
        if (run.Guards.MinimumDistance is not { } limit)
        {
            return null;
        }

        try
        {
            _near.Build(frame.Columns("xu", "yu", "zu"), cell, true, true, true, limit);
        }
        catch (MofException collapsed)
        {
            // Positions are finite and the cell has a volume, so only a cell too flat to list neighbours in is left.
            return new BlowUp(BlowUpReason.Cell, frame.Step, $"{collapsed.Message} at step {frame.Step}");
        }

        var view = _near.View(new int[frame.Count]);
        for (var i = 0; i < view.CenterCount; i++)
        {
            if (view.NeighborCounts[i] > 0)
            {
                var ids = frame.Column("id");
                var other = _near.Owners[view.Neighbors[i][0]];
                return new BlowUp(BlowUpReason.AtomsTooClose, frame.Step, Text($"atoms {ids[i]} and {ids[other]} are closer than {limit} angstrom at step {frame.Step}"));
            }
        }

        return null;
    }

    // "Pair style mof/snap, step 120: atoms 3 and 9 are at the same place"
    private static BlowUp? FailedPotential(string error)
    {
        const string mark = ", step ";
        var place = error.IndexOf(mark, StringComparison.Ordinal);
        if (!error.StartsWith("Pair style mof", StringComparison.Ordinal) || place < 0)
        {
            return null;
        }

        var digits = new string([.. error.Skip(place + mark.Length).TakeWhile(char.IsAsciiDigit)]);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? new BlowUp(BlowUpReason.PotentialUndefined, step, error)
            : null;
    }

    private static bool AllFinite(LammpsDumpFrame frame)
    {
        foreach (var column in (string[])["xu", "yu", "zu", "vx", "vy", "vz", "fx", "fy", "fz"])
        {
            if (frame.Has(column) && !Array.TrueForAll(frame.Column(column), double.IsFinite))
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
