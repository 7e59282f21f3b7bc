using System.Security.Cryptography;
using System.Text;
using MofInterop.Lammps;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A pair style of LAMMPS as a step publishes it: a file <c>*.pair-style.json</c> beside the files that its commands name.</summary>
/// <param name="Labels">One for each LAMMPS type, in order.</param>
/// <param name="Commands">With <c>{name}</c> in place of a file.</param>
/// <param name="Files">File names, relative to this file, by the name in the commands.</param>
internal sealed record PairStyleFile(IReadOnlyList<string> Labels, IReadOnlyList<string> Commands, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>The ending of such files.</summary>
    public const string Extension = ".pair-style.json";

    /// <summary>The potential with its files in a folder.</summary>
    public LammpsPotential In(string folder) => LammpsPotential.TextWithFiles(Labels, Files.ToDictionary(file => file.Key, file => Path.GetFullPath(file.Value, folder)), Commands);
}

/// <summary>A pair style of LAMMPS given as text.</summary>
/// <param name="Lammps">As runs take it.</param>
/// <param name="Fingerprint">Of labels, commands and the contents of files.</param>
internal sealed record PairStylePotential(LammpsPotential Lammps, string Fingerprint) : SimulationPotential(Fingerprint)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => Lammps.Labels;

    /// <summary>Reads what <see cref="PotentialStep"/> wrote.</summary>
    public static PairStylePotential Read(string path)
    {
        var style = StepJson.Read<PairStyleFile>(path);
        var folder = Path.GetDirectoryName(path)!;
        var text = new StringBuilder().AppendJoin(' ', style.Labels).AppendLine().AppendJoin('\n', style.Commands).AppendLine();
        foreach (var (name, file) in style.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(' ').AppendLine(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.GetFullPath(file, folder)))));
        }

        return new PairStylePotential(style.In(folder), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    /// <inheritdoc/>
    public override LammpsPotential ForLammps(AtomicConfiguration labelled, double? stopGrade = null) => stopGrade is null
        ? Lammps
        : throw new MofException(ErrorKind.Unsupported, NoCard("stopping at an extrapolation grade"), expected: CardExpected);
}
