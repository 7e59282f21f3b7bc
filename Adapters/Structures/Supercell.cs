using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>Repeats periodic configurations.</summary>
public static class Supercell
{
    /// <summary>The configuration repeated along a, b and c: image by image, the atoms of each image in the order of the original.</summary>
    /// <param name="configuration">Periodic; types and free text are kept, label and velocities are dropped.</param>
    /// <param name="a">How often along a, at least 1.</param>
    /// <param name="b">Along b.</param>
    /// <param name="c">Along c.</param>
    /// <exception cref="MofException">Not periodic, or a number below 1 (InvalidArgument).</exception>
    public static AtomicConfiguration Of(AtomicConfiguration configuration, int a, int b, int c)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Cell is not { } cell || !configuration.Periodic || a < 1 || b < 1 || c < 1)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a supercell of {a}, {b}, {c}", expected: "a periodic configuration and numbers of at least 1");
        }

        var images = a * b * c;
        var positions = new List<double>(3 * configuration.Count * images);
        for (var image = 0; image < images; image++)
        {
            var (x, y, z) = cell.ToCartesian(image / (b * c), image / c % b, image % c);
            for (var k = 0; k < configuration.Positions.Length; k += 3)
            {
                positions.Add(configuration.Positions[k] + x);
                positions.Add(configuration.Positions[k + 1] + y);
                positions.Add(configuration.Positions[k + 2] + z);
            }
        }

        var rows = cell.Rows.ToArray();
        int[] times = [a, b, c];
        for (var k = 0; k < 9; k++)
        {
            rows[k] *= times[k / 3];
        }

        return new AtomicConfiguration(Repeated(configuration.Symbols, images), [.. positions], new Cell(rows), true)
        {
            Types = configuration.Types is { } types ? Repeated(types, images) : null,
            Info = configuration.Info,
        };
    }

    private static string[] Repeated(IReadOnlyList<string> names, int images) => [.. Enumerable.Repeat(names, images).SelectMany(copy => copy)];
}
