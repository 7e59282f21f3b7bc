using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Dispersion;

/// <summary>
/// Reads the C6 reference table of D3 in the form that CP2K ships as <c>dftd3.dat</c> (Debian package cp2k-data): the number of
/// numbers and the number of entries, then five numbers for each entry, in any lines: C6 in hartree·bohr⁶, the two atoms as atomic number + 100 ×
/// reference molecule, and their coordination numbers there.
/// </summary>
public static class DispersionTableFile
{
    private const string Description = "D3 reference table (dftd3.dat)";
    private const int Columns = 5;

    /// <summary>Reads a file.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/> with file and line: missing, not a table, truncated, inconsistent.</exception>
    public static DispersionTable Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var words = new Words(path);
        var count = words.Integer("the number of numbers");
        var rows = words.Integer("the number of entries");
        if (rows < 1 || count != (long)Columns * rows)
        {
            throw new MofException(ErrorKind.FileFormat, $"the file tells of {count} numbers in {rows} entries", words.Where, expected: $"a {Description} with {Columns} numbers for each entry");
        }

        var entries = new List<DispersionTableEntry>();
        while (entries.Count < rows)
        {
            var coefficient = words.Number("C6");
            var (firstElement, firstReference) = words.Atom();
            var (secondElement, secondReference) = words.Atom();
            entries.Add(new(coefficient, firstElement, firstReference, secondElement, secondReference, words.Number("a coordination number"), words.Number("a coordination number")));
        }

        words.RequireEnd();
        try
        {
            return new DispersionTable(entries);
        }
        catch (MofException e) when (e.Where is not null || e.Kind == ErrorKind.FileFormat)
        {
            throw new MofException(e.Kind, e.What, e.Where is null ? path : $"{path}, {e.Where}", e.Expected, e.Remedy, e);
        }
    }

    // The numbers of the file one after the other, with their lines.
    private sealed class Words(string path)
    {
        private readonly string[] _lines = TextFile.ReadLines(path, Description);
        private int _line = -1;
        private string[] _words = [];
        private int _next;

        public string Where => $"{path}:{_line + 1}";

        public double Number(string name) => Numbers.ReadDouble(Next(name), Where, name);

        public int Integer(string name) => Numbers.ReadInteger(Next(name), Where, name);

        public (int Element, int Reference) Atom()
        {
            var code = Number("an atom");
            return code is > 0 and < 1e6 && code == Math.Floor(code)
                ? ((int)code % 100, (int)code / 100)
                : throw new MofException(ErrorKind.FileFormat, $"an atom is {code}", Where, expected: "atomic number + 100 × reference");
        }

        public void RequireEnd()
        {
            if (TryNext(out var word))
            {
                throw new MofException(ErrorKind.FileFormat, $"'{word}' follows the last entry", Where, expected: "the end of the file");
            }
        }

        private string Next(string name) => TryNext(out var word)
            ? word
            : throw new MofException(ErrorKind.FileFormat, $"the file ends before {name}", Where, expected: "as many entries as its first line tells", remedy: "The file is truncated, or not a " + Description + ".");

        private bool TryNext(out string word)
        {
            while (_next == _words.Length)
            {
                if (_line + 1 >= _lines.Length)
                {
                    word = "";
                    return false;
                }

                _words = _lines[++_line].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                _next = 0;
            }

            word = _words[_next++];
            return true;
        }
    }
}
