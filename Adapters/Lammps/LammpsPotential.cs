using System.Collections.Immutable;
using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Lammps;

/// <summary>The potential of a run, as LAMMPS is told about it. LAMMPS type i is the i-th label.</summary>
public abstract record LammpsPotential
{
    private protected LammpsPotential(ImmutableArray<string> labels)
    {
        if (labels.IsDefaultOrEmpty)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a potential without labels", expected: "one label for every atom type it knows");
        }

        foreach (var label in labels)
        {
            if (string.IsNullOrEmpty(label) || label.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '$' or '#' or '&'))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"'{label}' cannot be the label of an atom type", expected: "a word such as C3a or Zn");
            }
        }

        if (labels.Distinct().Count() != labels.Length)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a label of the potential is repeated: {string.Join(' ', labels)}");
        }

        Labels = labels;
    }

    /// <summary>The labels it knows (elements or atom types), in the order of the LAMMPS types.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Whether it needs this project's pair styles.</summary>
    public abstract bool NeedsMofStyles { get; }

    /// <summary>The files that decide what it computes, as far as they are known; a model card holds the hashes of those that it names.</summary>
    internal virtual IEnumerable<string> Files => [];

    /// <summary>The commands that set it up, one a line.</summary>
    internal abstract IEnumerable<string> Commands();

    /// <summary>Describes a linear SNAP potential in LAMMPS's own two files, computed by <c>pair_style mof/snap</c>.</summary>
    /// <param name="coefficientFile">The snapcoeff file.</param>
    /// <param name="parameterFile">The snapparam file.</param>
    /// <param name="labels">The labels in the snapcoeff file that the structure uses, in any order.</param>
    public static LammpsPotential Snap(string coefficientFile, string parameterFile, IEnumerable<string> labels) =>
        new SnapFiles(coefficientFile, parameterFile, [.. labels]);

    /// <summary>Describes any potential with a model card, computed by <c>pair_style mof</c>.</summary>
    /// <param name="cardFile">The model card (<c>*.mof.yaml</c>).</param>
    /// <param name="labels">The species of the card that the structure uses, in any order.</param>
    /// <param name="stopGrade">The run ends, and counts as blown up there, when an atom's extrapolation grade is above this; null: grades are not looked at.</param>
    public static LammpsPotential ModelCard(string cardFile, IEnumerable<string> labels, double? stopGrade = null) => new Card(cardFile, stopGrade, [.. labels]);

    /// <summary>Describes a potential by LAMMPS commands: any pair style that the program has.</summary>
    /// <param name="labels">One label for every LAMMPS type that the commands speak of, in order.</param>
    /// <param name="commands"><c>pair_style …</c>, <c>pair_coeff …</c> and what belongs to them.</param>
    public static LammpsPotential Text(IEnumerable<string> labels, params IEnumerable<string> commands) => new PairStyle([.. commands], ImmutableDictionary<string, string>.Empty, [.. labels]);

    /// <summary>The same with files that the commands name as <c>{name}</c>.</summary>
    /// <param name="labels">One label for every LAMMPS type that the commands speak of, in order.</param>
    /// <param name="files">Paths by the name in the commands.</param>
    /// <param name="commands"><c>pair_style …</c>, <c>pair_coeff * * {eam} Ni</c> and what belongs to them.</param>
    public static LammpsPotential TextWithFiles(IEnumerable<string> labels, IReadOnlyDictionary<string, string> files, IEnumerable<string> commands) =>
        new PairStyle([.. commands], files.ToImmutableDictionary(), [.. labels]);

    /// <summary>A path as one word of a LAMMPS input script.</summary>
    internal static string Word(string path)
    {
        var full = Path.GetFullPath(path);
        if (full.Any(c => c is '"' or '$' or '\n'))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"LAMMPS cannot read the path {full}", expected: "a path without quotes and dollar signs");
        }

        return full.Any(c => char.IsWhiteSpace(c) || c is '#' or '&' or '\'') ? $"\"{full}\"" : full;
    }

    private static string Existing(string path) => File.Exists(path)
        ? path
        : throw new MofException(ErrorKind.FileFormat, "the file of the potential does not exist", path);

    private sealed record SnapFiles(string CoefficientFile, string ParameterFile, ImmutableArray<string> Names) : LammpsPotential(Names)
    {
        public override bool NeedsMofStyles => true;

        internal override IEnumerable<string> Files => [CoefficientFile, ParameterFile];

        internal override IEnumerable<string> Commands() =>
        [
            "pair_style mof/snap",
            $"pair_coeff * * {Word(Existing(CoefficientFile))} {Word(Existing(ParameterFile))} {string.Join(' ', Labels)}",
        ];
    }

    private sealed record Card(string CardFile, double? StopGrade, ImmutableArray<string> Names) : LammpsPotential(Names)
    {
        public override bool NeedsMofStyles => true;

        internal override IEnumerable<string> Files => [CardFile];

        internal override IEnumerable<string> Commands() =>
        [
            StopGrade is { } grade ? string.Create(CultureInfo.InvariantCulture, $"pair_style mof grade_stop {grade:R}") : "pair_style mof",
            $"pair_coeff * * {Word(Existing(CardFile))} {string.Join(' ', Labels)}",
        ];
    }

    private sealed record PairStyle(ImmutableArray<string> Lines, ImmutableDictionary<string, string> NamedFiles, ImmutableArray<string> Names) : LammpsPotential(Names)
    {
        public override bool NeedsMofStyles =>
            Lines.Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(word => word == "mof" || word.StartsWith("mof/", StringComparison.Ordinal)));

        internal override IEnumerable<string> Files => NamedFiles.Values;

        internal override IEnumerable<string> Commands() =>
            Lines.Select(line => NamedFiles.Aggregate(line, (text, file) => text.Replace('{' + file.Key + '}', Word(Existing(file.Value)), StringComparison.Ordinal)));
    }
}
