using MofInterop.ModelFiles.Text;

namespace MofInterop.ModelFiles.Snap;

/// <summary>A line that says something.</summary>
/// <param name="Where"><c>file:line</c>, lines counted from 1.</param>
/// <param name="Words">Its words, at least one.</param>
internal readonly record struct SnapLine(string Where, string[] Words);

/// <summary>
/// How LAMMPS splits snapcoeff and snapparam files: a # starts a comment, words are separated by white space, quotes
/// are as good as white space (<c>PairSNAP::read_files</c>). Lines without words are passed over, also inside a block
/// of coefficients, where LAMMPS would stop: nothing else can be meant.
/// </summary>
internal static class SnapText
{
    private static readonly char[] Separators = [' ', '\t', '\r', '\n', '\f', '"', '\''];

    /// <summary>Lines with at least one word.</summary>
    public static IEnumerable<SnapLine> Lines(string path, string description)
    {
        var lines = TextFile.ReadLines(path, description);
        for (var n = 0; n < lines.Length; n++)
        {
            var line = lines[n];
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var words = (comment < 0 ? line : line[..comment]).Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                yield return new SnapLine($"{path}:{n + 1}", words);
            }
        }
    }

    /// <summary>Whether a label survives writing and reading: one word without quotes or #.</summary>
    public static bool IsWord(string label) => label.Length > 0 && label.IndexOfAny([.. Separators, '#', '\v']) < 0;
}
