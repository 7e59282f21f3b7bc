using System.Runtime.CompilerServices;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cli;

/// <summary>Reads the structure that a user names, whatever its format.</summary>
internal static class StructureInput
{
    /// <summary>All frames of a file.</summary>
    /// <exception cref="MofException">The file cannot be read, or its name does not tell its format.</exception>
    public static async IAsyncEnumerable<AtomicConfiguration> ReadAllAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        if (!File.Exists(path))
        {
            throw new MofException(ErrorKind.FileFormat, "there is no such structure file", path);
        }

        var name = Path.GetFileName(path);
        if (name.EndsWith(".extxyz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".xyz", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var frame in ExtendedXyz.Read(path))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return frame;
            }

            yield break;
        }

        throw new MofException(ErrorKind.FileFormat, "the name of the structure file does not tell its format", path, ".cif, .extxyz, .xyz, .vasp, POSCAR or CONTCAR");
    }

    /// <summary>The one structure of a file, or the first frame.</summary>
    public static async Task<AtomicConfiguration> ReadOneAsync(string path, CancellationToken cancellation)
    {
        await foreach (var frame in ReadAllAsync(path, cancellation))
        {
            return frame;
        }

        throw new MofException(ErrorKind.FileFormat, "the file holds no structure", path);
    }
}
