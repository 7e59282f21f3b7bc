using MofInterop.Cp2k;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;
using MofInterop.Vasp;

namespace MofInterop.Steps;

/// <summary>Opens files of frames by their formats. Frames stream: one at a time is in memory.</summary>
/// <param name="options">What the files do not say.</param>
/// <param name="structure">The structure; its cell serves runs that write none.</param>
/// <param name="labels">How labels stand in them; null: as usual.</param>
internal sealed class TrajectoryFiles(FileFrames options, AtomicConfiguration? structure, LabelFormat? labels = null)
{
    private const string Expected = ".xyz or .extxyz, .dump, .lammpstrj or dump.*, vasprun.xml, OUTCAR, NAME-pos-1.xyz, .json, or a folder of one run";

    private readonly LabelFormat _labels = labels ?? new LabelFormat();

    /// <summary>The frames of one file.</summary>
    /// <param name="path">A file, or a folder of one run.</param>
    /// <param name="note">Told what is left out, and why.</param>
    /// <exception cref="MofException">Missing, damaged, or of an unknown format.</exception>
    public IEnumerable<AtomicConfiguration> Read(string path, Action<string>? note)
    {
        var file = Directory.Exists(path) && options.Format != TrajectoryFormat.FitSnap ? FileOfRun(path) ?? path : path;
        return (options.Format == TrajectoryFormat.Auto ? FormatOf(file) : options.Format) switch
        {
            TrajectoryFormat.ExtendedXyz => ExtendedXyz.Read(file, _labels.Prefix.Length > 0 ? ExtendedXyzKeys.WithPrefix(_labels.Prefix) : null, cut: note),
            TrajectoryFormat.LammpsDump => LammpsTrajectory.Read(file, new LammpsTrajectoryOptions { Types = options.Lammps.Types, Units = options.Lammps.Units }, note),
            TrajectoryFormat.Vasp => VaspTrajectory.Read(file, _labels.Energy, note),
            TrajectoryFormat.Cp2k => Cp2kTrajectory.Read(file, new Cp2kTrajectoryOptions { Cell = structure?.Cell, ForceUnit = _labels.Forces }, note),
            _ => Directory.Exists(file) ? FitSnapJson.ReadFolder(file) : FitSnapJson.Read(file),
        };
    }

    private static TrajectoryFormat FormatOf(string path)
    {
        if (Directory.Exists(path))
        {
            return TrajectoryFormat.FitSnap;
        }

        var name = Path.GetFileName(path);
        bool Ends(string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) || name.EndsWith(ending + ".gz", StringComparison.OrdinalIgnoreCase);
        return Cp2kTrajectory.IsPositions(path) ? TrajectoryFormat.Cp2k
            : VaspTrajectory.IsOutcar(path) || VaspTrajectory.IsXml(path) ? TrajectoryFormat.Vasp
            : Ends(".dump") || Ends(".lammpstrj") || name.StartsWith("dump.", StringComparison.OrdinalIgnoreCase) ? TrajectoryFormat.LammpsDump
            : Ends("xyz") ? TrajectoryFormat.ExtendedXyz
            : Ends(FitSnapJson.Extension) ? TrajectoryFormat.FitSnap
            : throw new MofException(ErrorKind.FileFormat, "the name does not tell the format of these frames", path, Expected, "Name the format: format: lammps-dump, for example.");
    }

    /// <summary>The file that stands for the run in a folder: CP2K's positions, vasprun.xml or OUTCAR; null where there is none.</summary>
    private static string? FileOfRun(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        string[] positions = [.. files.Where(Cp2kTrajectory.IsPositions)];
        return positions.Length > 1
            ? throw new MofException(ErrorKind.FileFormat, $"the folder holds {positions.Length} CP2K runs", folder, "one, or the name of a file in it")
            : positions.FirstOrDefault() ?? files.FirstOrDefault(VaspTrajectory.IsXml) ?? files.FirstOrDefault(VaspTrajectory.IsOutcar);
    }
}
