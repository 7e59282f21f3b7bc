using MofInterop.Potentials.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace MofInterop.ModelFiles.Text;

/// <summary>Parses YAML into nodes that know their place; only the representation model is used, which needs no reflection.</summary>
internal static class YamlText
{
    private const int MaximumDepth = 16;

    /// <summary>The mapping at the root of a file.</summary>
    /// <exception cref="MofException">The file is missing or not YAML, its root is no mapping, it is nested deeply or uses aliases.</exception>
    public static YamlMapping ReadMapping(string path, string description) => ParseMapping(TextFile.ReadAll(path, description), path, description);

    /// <summary>The mapping at the root of a text, such as JSON.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it comes from.</param>
    /// <param name="description">What it should be.</param>
    /// <param name="arrays">See <see cref="YamlMapping"/>.</param>
    /// <exception cref="MofException">As <see cref="ReadMapping"/>.</exception>
    public static YamlMapping ParseMapping(string text, string path, string description, Func<string, (int[] Shape, double[] Values)>? arrays = null)
    {
        try
        {
            CheckNesting(text, path);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
                ? new YamlMapping(root, path, "", arrays)
                : throw new MofException(ErrorKind.FileFormat, "the file is not one mapping of keys to values", path, expected: $"a {description}");
        }
        catch (YamlException e)
        {
            throw new MofException(ErrorKind.FileFormat, $"this is not YAML: {e.InnerException?.Message ?? e.Message}", Place(path, e.Start), expected: $"a {description}", inner: e);
        }
        catch (Exception e) when (IsParserEscape(e))
        {
            // Such as a list entry that begins with ": ".
            throw new MofException(ErrorKind.FileFormat, $"this is not YAML: {e.Message}", path, expected: $"a {description}", inner: e);
        }
    }

    /// <summary><c>file:line:column</c>.</summary>
    public static string Place(string path, Mark mark) => $"{path}:{mark.Line}:{mark.Column}";

    // Building nodes recurses, and a stack overflow cannot be caught: refuse before.
    private static void CheckNesting(string text, string path)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (MoveNext(parser, path))
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaximumDepth)
            {
                throw new MofException(ErrorKind.FileFormat, $"nested more than {MaximumDepth} levels deep", Place(path, parser.Current.Start));
            }

            if (parser.Current is AnchorAlias)
            {
                throw new MofException(ErrorKind.FileFormat, "an alias (*name)", Place(path, parser.Current.Start), expected: "every value where it is used");
            }
        }
    }

    // The parser lets some malformed input escape as exceptions of its own workings.
    private static bool IsParserEscape(Exception e) => e is ArgumentException or InvalidOperationException or FormatException or OverflowException;

    private static bool MoveNext(Parser parser, string path)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception e) when (IsParserEscape(e))
        {
            throw new MofException(ErrorKind.FileFormat, $"this is not YAML behind here: {e.Message}", Place(path, parser.Current?.End ?? Mark.Empty), inner: e);
        }
    }
}
