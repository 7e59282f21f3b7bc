using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>LAMMPS's system of units of a dump.</summary>
public enum LammpsUnits
{
    /// <summary>Å, Å/ps.</summary>
    Metal,

    /// <summary>Å, Å/fs.</summary>
    Real,
}

/// <summary>What a LAMMPS dump does not say by itself.</summary>
public sealed record LammpsTrajectoryOptions
{
    /// <summary>Element or atom-type label (<c>C3a</c>) of type 1, 2, …; null: from the column <c>element</c> or <c>typelabel</c>.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Units, where the file does not name them.</summary>
    public LammpsUnits Units { get; init; }
}

/// <summary>
/// LAMMPS dumps of other people's runs as configurations: atoms in the order of their ids, positions relative to the lower corner of the box
/// from <c>xu yu zu</c>, <c>xsu ysu zsu</c>, <c>x y z</c> or <c>xs ys zs</c>, the first that is there, in LAMMPS's axes. A dump holds no energies, so that its frames have no
/// labels. (Runs of this suite are read by the adapter that made them.)
/// </summary>
public static class LammpsTrajectory
{
    private const double PicosecondInFemtoseconds = 1000;
    private static readonly string[][] _cartesian = [["xu", "yu", "zu"], ["x", "y", "z"]];
    private static readonly string[][] _scaled = [["xsu", "ysu", "zsu"], ["xs", "ys", "zs"]];

    /// <summary>Reads frames as they are asked for.</summary>
    /// <param name="path">The dump file.</param>
    /// <param name="options">What the file does not say.</param>
    /// <param name="cut">Told when the file ends inside a frame, which is left out.</param>
    /// <exception cref="MofException">
    /// See <see cref="LammpsDump.Read"/>; no ids, no positions or nothing that names elements; partly periodic; values that are not finite (FileFormat).
    /// </exception>
    public static IEnumerable<AtomicConfiguration> Read(string path, LammpsTrajectoryOptions? options = null, Action<string>? cut = null)
    {
        options ??= new LammpsTrajectoryOptions();
        foreach (var frame in LammpsDump.Read(path, cut))
        {
            AtomicConfiguration configuration;
            try
            {
                configuration = Convert(frame, options);
            }
            catch (MofException problem)
            {
                throw new MofException(problem.Kind, problem.What, $"{path}, step {frame.Step}", problem.Expected, problem.Remedy, problem);
            }

            yield return configuration;
        }
    }

    private static AtomicConfiguration Convert(LammpsDumpFrame frame, LammpsTrajectoryOptions options)
    {
        if (frame.PeriodicDirections is not (0 or 3))
        {
            throw Error("the box is periodic in some directions only", "all three directions or none");
        }

        var order = Order(frame);
        var labels = Labels(frame, options, order);
        string[] symbols = [.. labels.Select(SymbolOf)];
        var typed = labels.Zip(symbols).Any(pair => pair.First != pair.Second);
        return new AtomicConfiguration(symbols, Finite(Positions(frame, order), "position"), frame.Cell, frame.PeriodicDirections == 3)
        {
            Types = typed ? labels : null,
            Velocities = Velocities(frame, options, order),
        };
    }

    // order[i]: the row of the atom with the i-th smallest id.
    private static int[] Order(LammpsDumpFrame frame)
    {
        if (!frame.Has("id"))
        {
            throw Error("the dump has no column id", "id in the columns of dump custom", "LAMMPS writes atoms in changing order; without ids they cannot be told apart.");
        }

        var ids = frame.Column("id");
        var order = Enumerable.Range(0, frame.Count).ToArray();
        Array.Sort((double[])ids.Clone(), order);
        for (var i = 1; i < order.Length; i++)
        {
            if (ids[order[i]] == ids[order[i - 1]])
            {
                throw Error($"two atoms have the id {ids[order[i]]:0}", "one atom for each id");
            }
        }

        return order;
    }

    private static string[] Labels(LammpsDumpFrame frame, LammpsTrajectoryOptions options, int[] order)
    {
        if (options.Types is { } types)
        {
            var numbers = frame.Column("type");
            return [.. order.Select(row => numbers[row] >= 1 && numbers[row] <= types.Count
                ? types[(int)numbers[row] - 1]
                : throw Error($"an atom has the type {numbers[row]:0}", $"1 to {types.Count}, the types that are named"))];
        }

        return frame.Names is { } names
            ? [.. order.Select(row => names[row])]
            : throw Error("the dump does not say which elements its types are", "a column element, or a list of the types' names", "Name the element or atom type of every LAMMPS type in order.");
    }

    /// <summary>The element of a label: itself, or what stands before the first digit of an atom type.</summary>
    private static string SymbolOf(string label) =>
        AtomLabel.SymbolOf(label) ?? throw Error($"'{label}' is no element and no atom type", "an element (Zn) or an atom type that begins with one (Zn4a)");

    private static double[] Positions(LammpsDumpFrame frame, int[] order)
    {
        // Unwrapped coordinates first: they need no guess of the image.
        foreach (var names in (string[][])[_cartesian[0], _scaled[0], _cartesian[1], _scaled[1]])
        {
            if (!frame.Has(names[0]))
            {
                continue;
            }

            var values = Reordered(frame, order, names);
            return _scaled.Contains(names) ? FromScaled(values, frame.Rows) : FromCorner(values, frame.Origin);
        }

        throw Error("the dump has no positions", "xu yu zu, x y z, xsu ysu zsu or xs ys zs in the columns of dump custom");
    }

    private static double[] FromCorner(double[] values, double[] corner)
    {
        for (var k = 0; k < values.Length; k++)
        {
            values[k] -= corner[k % 3];
        }

        return values;
    }

    private static double[] FromScaled(double[] values, double[] rows)
    {
        var positions = new double[values.Length];
        for (var k = 0; k < values.Length; k++)
        {
            var atom = k / 3 * 3;
            var axis = k % 3;
            positions[k] = values[atom] * rows[axis] + values[atom + 1] * rows[3 + axis] + values[atom + 2] * rows[6 + axis];
        }

        return positions;
    }

    private static double[]? Velocities(LammpsDumpFrame frame, LammpsTrajectoryOptions options, int[] order)
    {
        var units = frame.Units switch
        {
            null => options.Units,
            "metal" => LammpsUnits.Metal,
            "real" => LammpsUnits.Real,
            var other => throw new MofException(ErrorKind.Unsupported, $"the dump is in units '{other}'", expected: "metal or real"),
        };
        if (!frame.Has("vx") || !frame.Has("vy") || !frame.Has("vz"))
        {
            return null;
        }

        var values = Finite(Reordered(frame, order, "vx", "vy", "vz"), "velocity");
        return units == LammpsUnits.Real ? values : Array.ConvertAll(values, value => value / PicosecondInFemtoseconds);
    }

    private static double[] Reordered(LammpsDumpFrame frame, int[] order, params string[] names)
    {
        var values = frame.Columns(names);
        var result = new double[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            values.AsSpan(3 * order[i], 3).CopyTo(result.AsSpan(3 * i));
        }

        return result;
    }

    private static double[] Finite(double[] values, string what) => Array.TrueForAll(values, double.IsFinite)
        ? values
        : throw Error($"a {what} is not a finite number", "finite numbers");

    private static MofException Error(string what, string expected, string? remedy = null) => new(ErrorKind.FileFormat, what, expected: expected, remedy: remedy);
}
