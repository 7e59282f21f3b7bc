using System.Runtime.CompilerServices;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.Structures;

/// <summary>Reads structures of any format that the suite knows, by the file's name.</summary>
/// <param name="python">Expands the symmetry of CIF files.</param>
public sealed class StructureReader(PythonRunner python)
{
    private const string KnownNames = ".cif, .extxyz, .xyz, .vasp, .json (FitSNAP), POSCAR or CONTCAR";

    /// <summary>The space group of a structure; see <see cref="SpaceGroup.FindAsync"/>.</summary>
    public Task<SpaceGroup> SpaceGroupAsync(AtomicConfiguration configuration, double tolerance, CancellationToken cancellation = default) =>
        SpaceGroup.FindAsync(python, configuration, tolerance, cancellation);

    /// <summary>The one structure of a file, or its first frame.</summary>
    /// <param name="path">The file.</param>
    /// <param name="primitive">Reduce a CIF to its primitive cell.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="MofException">The file is missing or unreadable, its atoms overlap or are disordered, or its name does not tell its format.</exception>
    public async Task<AtomicConfiguration> ReadOneAsync(string path, bool primitive = false, CancellationToken cancellation = default)
    {
        await foreach (var frame in ReadAllAsync(path, primitive, cancellation).ConfigureAwait(false))
        {
            return frame;
        }

        throw new MofException(ErrorKind.FileFormat, "the file holds no structure", path);
    }

    /// <summary>All frames of a file, streamed.</summary>
    /// <inheritdoc cref="ReadOneAsync"/>
    public async IAsyncEnumerable<AtomicConfiguration> ReadAllAsync(string path, bool primitive = false, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (!File.Exists(path))
        {
            throw new MofException(ErrorKind.FileFormat, "there is no such structure file", path);
        }

        var name = Path.GetFileName(path);
        if (Ends(name, ".cif"))
        {
            yield return await new CifReader(python).ReadAsync(path, new CifOptions(primitive), cancellation).ConfigureAwait(false);
            yield break;
        }

        if (primitive)
        {
            throw new MofException(ErrorKind.Unsupported, "only a CIF can be reduced to its primitive cell", path, remedy: "Give the structure as a CIF, or take the cell as it is in the file.");
        }

        if (Ends(name, ".vasp") || name.StartsWith("POSCAR", StringComparison.Ordinal) || name.StartsWith("CONTCAR", StringComparison.Ordinal))
        {
            yield return Poscar.Read(path);
        }
        else if (Ends(name, ".extxyz") || Ends(name, ".xyz"))
        {
            foreach (var frame in ExtendedXyz.Read(path))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return frame;
            }
        }
        else if (Ends(name, FitSnapJson.Extension))
        {
            foreach (var frame in FitSnapJson.Read(path))
            {
                yield return frame;
            }
        }
        else
        {
            throw new MofException(ErrorKind.FileFormat, "the name of the structure file does not tell its format", path, KnownNames);
        }
    }

    private static bool Ends(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
