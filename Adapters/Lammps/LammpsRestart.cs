using System.Globalization;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Lammps;

/// <summary>A restart file of a run.</summary>
/// <param name="File">Its path.</param>
/// <param name="Step">The step it was written at.</param>
public sealed record LammpsRestart(string File, long Step)
{
    internal const string Prefix = "restart.";

    // LAMMPS writes this at the beginning and at the end (src/read_restart.cpp, check_eof_magic).
    private static readonly byte[] _magic = Encoding.ASCII.GetBytes("LammpS RestartT");

    /// <summary>The newest restart file of a run's folder that was written whole, or null.</summary>
    public static LammpsRestart? Latest(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        return Directory.EnumerateFiles(folder, Prefix + "*")
            .Select(path => long.TryParse(Path.GetFileName(path)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? new LammpsRestart(path, step) : null)
            .OfType<LammpsRestart>()
            .OrderByDescending(restart => restart.Step)
            .FirstOrDefault(restart => restart.IsWhole());
    }

    /// <summary>Throws unless the file can be read from.</summary>
    internal void Check()
    {
        if (!System.IO.File.Exists(File) || !IsWhole())
        {
            throw new MofException(ErrorKind.FileFormat, "the restart file is missing or was not written whole", File, remedy: "Start from an older one.");
        }
    }

    private bool IsWhole()
    {
        using var stream = System.IO.File.OpenRead(File);
        var end = new byte[_magic.Length + 1];
        if (stream.Length < end.Length)
        {
            return false;
        }

        stream.Seek(-end.Length, SeekOrigin.End);
        stream.ReadExactly(end);
        return end.AsSpan(0, _magic.Length).SequenceEqual(_magic);
    }
}
