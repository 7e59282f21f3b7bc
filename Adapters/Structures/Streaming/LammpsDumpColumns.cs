using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>How the positions of a dump are written.</summary>
internal enum DumpPositions
{
    /// <summary>xu yu zu.</summary>
    Unwrapped,

    /// <summary>xsu ysu zsu.</summary>
    ScaledUnwrapped,

    /// <summary>x y z ix iy iz.</summary>
    WithImages,

    /// <summary>xs ys zs ix iy iz.</summary>
    ScaledWithImages,

    /// <summary>x y z.</summary>
    Wrapped,

    /// <summary>xs ys zs.</summary>
    ScaledWrapped,
}

/// <summary>Which column of a dump's rows goes where.</summary>
internal sealed class LammpsDumpColumns
{
    /// <summary>Places of a row that was read.</summary>
    public const int Id = 0, Type = 1, X = 2, Image = 5, Velocity = 8, Places = 11;

    private const int Skipped = -1;
    private static readonly (DumpPositions Kind, string[] Names)[] _kinds =
    [
        (DumpPositions.Unwrapped, ["xu", "yu", "zu"]),
        (DumpPositions.ScaledUnwrapped, ["xsu", "ysu", "zsu"]),
        (DumpPositions.WithImages, ["x", "y", "z", "ix", "iy", "iz"]),
        (DumpPositions.ScaledWithImages, ["xs", "ys", "zs", "ix", "iy", "iz"]),
        (DumpPositions.Wrapped, ["x", "y", "z"]),
        (DumpPositions.ScaledWrapped, ["xs", "ys", "zs"]),
    ];

    private readonly int[] _places;
    private readonly int _last;

    /// <exception cref="MofException">No ids or no positions (FileFormat).</exception>
    public LammpsDumpColumns(ReadOnlySpan<byte> header, ByteLines lines)
    {
        Header = header.ToArray();
        string[] names = Encoding.UTF8.GetString(header).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool Has(IEnumerable<string> wanted) => wanted.All(names.Contains);
        if (!names.Contains("id"))
        {
            throw lines.Error("the dump has no column id", "id in the columns of dump custom", "LAMMPS writes atoms in changing order; without ids they cannot be told apart.");
        }

        var kinds = _kinds.Where(kind => Has(kind.Names)).ToArray();
        if (kinds.Length == 0)
        {
            throw lines.Error("the dump has no positions", "xu yu zu, x y z, xsu ysu zsu or xs ys zs in the columns of dump custom");
        }

        Positions = kinds[0].Kind;
        HasVelocities = Has(["vx", "vy", "vz"]);
        NameColumn = Array.FindIndex(names, name => name is "element" or "typelabel");
        HasTypes = names.Contains("type");
        _places = Array.ConvertAll(names, name => PlaceOf(name, kinds[0].Names));
        _last = Array.FindLastIndex(_places, place => place != Skipped);
    }

    /// <summary>The names as the file has them.</summary>
    public byte[] Header { get; }

    public DumpPositions Positions { get; }

    public bool HasVelocities { get; }

    public bool HasTypes { get; }

    /// <summary>Place of the column that names elements or types; −1: there is none.</summary>
    public int NameColumn { get; }

    /// <summary>Whether positions go on through boundaries.</summary>
    public bool Unwrapped => Positions is not (DumpPositions.Wrapped or DumpPositions.ScaledWrapped);

    /// <summary>Whether positions are in units of the cell.</summary>
    public bool Scaled => Positions is DumpPositions.ScaledUnwrapped or DumpPositions.ScaledWithImages or DumpPositions.ScaledWrapped;

    /// <summary>Whether image flags have to be added.</summary>
    public bool HasImages => Positions is DumpPositions.WithImages or DumpPositions.ScaledWithImages;

    /// <summary>Reads a line into a row; false where the line has fewer columns or a word that is no number.</summary>
    public bool Read(ReadOnlySpan<byte> line, Span<double> row)
    {
        var at = 0;
        for (var k = 0; k <= _last; k++)
        {
            var place = _places[k];
            if (place == Skipped)
            {
                if (ByteNumber.Word(line, ref at).Length == 0)
                {
                    return false;
                }
            }
            else if (!ByteNumber.TryRead(line, ref at, out row[place]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The word of the column of names.</summary>
    public string Name(ReadOnlySpan<byte> line)
    {
        var at = 0;
        for (var k = 0; k < NameColumn; k++)
        {
            ByteNumber.Word(line, ref at);
        }

        return Encoding.UTF8.GetString(ByteNumber.Word(line, ref at));
    }

    private static int PlaceOf(string name, string[] positions)
    {
        var place = Array.IndexOf(positions, name);
        return place >= 0 ? X + place : name switch
        {
            "id" => Id,
            "type" => Type,
            "vx" => Velocity,
            "vy" => Velocity + 1,
            "vz" => Velocity + 2,
            _ => Skipped,
        };
    }
}
