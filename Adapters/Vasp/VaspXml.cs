using System.Globalization;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>
/// Reads the ionic steps of a <c>vasprun.xml</c>, one at a time in memory. Stress is written in kB with the sign of +W/V. The final energies of a
/// step include dispersion corrections, those of its electronic steps do not; the difference between the three energies is right in the
/// latter only, so it is taken from there (as ASE does).
/// </summary>
public static class VaspXml
{
    private const int DefaultMostScfSteps = 60;

    /// <summary>Reads steps as they are asked for.</summary>
    /// <param name="path">The file, also <c>.gz</c>.</param>
    /// <param name="cut">Told when the file ends inside a step (a killed run), which is then left out; null: that is an error.</param>
    /// <exception cref="MofException">Missing or damaged, with <c>file:line</c> (FileFormat).</exception>
    public static IEnumerable<VaspIonicStep> Read(string path, Action<string>? cut = null)
    {
        using var document = new Document(path);
        while (true)
        {
            VaspIonicStep? step;
            try
            {
                step = document.NextStep();
            }
            catch (Exception problem) when (problem is EndOfStreamException or InvalidDataException)
            {
                throw new MofException(ErrorKind.FileFormat, "the packed file is damaged or cut off", path, "a whole .gz file", "Unpack it (gzip -dc keeps what can be read) and use the text.", problem);
            }
            catch (XmlException problem)
            {
                if (cut is null || !EndsInside(path, problem))
                {
                    throw new MofException(ErrorKind.FileFormat, $"the file is damaged: {problem.Message}", $"{path}:{problem.LineNumber}", "VASP's vasprun.xml", inner: problem);
                }

                cut(TrajectoryNotes.CutFrame(path, problem.LineNumber));
                yield break;
            }

            if (step is null)
            {
                yield break;
            }

            yield return step;
        }
    }

    /// <summary>VASP's version, or null where the file does not tell it.</summary>
    /// <exception cref="MofException">The file is missing (FileFormat).</exception>
    public static string? Version(string path)
    {
        using var document = new Document(path);
        return document.ReadVersion();
    }

    /// <summary>A file was cut, rather than damaged, when the parser's complaint is about its last line and the closing tag is missing.</summary>
    private static bool EndsInside(string path, XmlException problem)
    {
        var lines = 0;
        var last = "";
        using var stream = Open(path);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            lines++;
            last = line.Length > 0 ? line : last;
        }

        return problem.LineNumber >= lines && !last.Contains("</modeling>", StringComparison.Ordinal);
    }

    private static Stream Open(string path)
    {
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new MofException(ErrorKind.FileFormat, problem is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist" : problem.Message, path, inner: problem);
        }
    }

    /// <summary>The open file and what its head said.</summary>
    private sealed class Document : IDisposable
    {
        private readonly string _path;
        private readonly Stream _stream;
        private readonly XmlReader _reader;
        private string[]? _symbols;
        private int _mostScfSteps = DefaultMostScfSteps;
        private bool _fixed;

        public Document(string path)
        {
            _path = path;
            _stream = Open(path);
            _reader = XmlReader.Create(_stream, new XmlReaderSettings { IgnoreWhitespace = true, IgnoreComments = true, CheckCharacters = false, DtdProcessing = DtdProcessing.Ignore });
        }

        private int Line => (_reader as IXmlLineInfo)?.LineNumber ?? 0;

        public void Dispose()
        {
            _reader.Dispose();
            _stream.Dispose();
        }

        public string? ReadVersion()
        {
            try
            {
                return _reader.ReadToFollowing("generator") ? Named(Subtree(), "i", "version")?.Value.Trim() : null;
            }
            catch (XmlException)
            {
                return null;
            }
        }

        public VaspIonicStep? NextStep()
        {
            // Reading a subtree moves past it, so that a round of the loop reads on only where it did not.
            while (!_reader.EOF)
            {
                if (_reader.NodeType != XmlNodeType.Element)
                {
                    _reader.Read();
                    continue;
                }

                switch (_reader.Name)
                {
                    case "parameters":
                        ReadParameters(Subtree());
                        break;
                    case "atominfo":
                        ReadAtoms(Line, Subtree());
                        break;
                    case "structure":
                        _fixed |= Named(Subtree(), "varray", "selective")?.Elements("v").Any(v => v.Value.Contains('F', StringComparison.Ordinal)) ?? false;
                        break;
                    case "calculation":
                        return ReadStep();
                    case "kpoints" or "incar" or "generator" or "primitive_cell":
                        _reader.Skip();
                        break;
                    default:
                        _reader.Read();
                        break;
                }
            }

            return null;
        }

        private XElement Subtree() => (XElement)XNode.ReadFrom(_reader);

        private void ReadParameters(XElement parameters)
        {
            if (parameters.Descendants("i").FirstOrDefault(one => (string?)one.Attribute("name") == "NELM") is { } most && int.TryParse(most.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count))
            {
                _mostScfSteps = count;
            }
        }

        private void ReadAtoms(int line, XElement info)
        {
            var rows = Named(info, "array", "atoms")?.Element("set")?.Elements("rc") ?? throw Error(line, "atominfo has no array of atoms", "<array name=\"atoms\">");
            _symbols = [.. rows.Select(row => row.Element("c")?.Value.Trim() ?? "")];
            if (_symbols.FirstOrDefault(symbol => !Elements.TryBySymbol(symbol, out _)) is { } unknown)
            {
                throw Error(line, $"'{unknown}' is not a chemical element", "elements in the array of atoms");
            }
        }

        private VaspIonicStep ReadStep()
        {
            var start = Line;
            XElement? structure = null, forces = null, stress = null, energy = null, lastScf = null;
            var steps = 0;
            var depth = _reader.Depth;
            _reader.Read();
            while (_reader.Depth > depth)
            {
                if (_reader.NodeType != XmlNodeType.Element)
                {
                    _reader.Read();
                    continue;
                }

                // Eigenvalues, densities of states and projections are most of the file and of no use here.
                switch (_reader.Name)
                {
                    case "scstep":
                        steps++;
                        lastScf = Subtree().Element("energy");
                        break;
                    case "structure":
                        structure = Subtree();
                        break;
                    case "energy":
                        energy = Subtree();
                        break;
                    case "varray" when _reader.GetAttribute("name") == "forces":
                        forces = Subtree();
                        break;
                    case "varray" when _reader.GetAttribute("name") == "stress":
                        stress = Subtree();
                        break;
                    default:
                        _reader.Skip();
                        break;
                }
            }

            if (_reader.NodeType != XmlNodeType.EndElement)
            {
                throw new XmlException("a calculation is not closed", null, Line, 1);
            }

            return Build(start, structure, forces, stress, energy, lastScf, steps);
        }

        private VaspIonicStep Build(int line, XElement? structure, XElement? forces, XElement? stress, XElement? energy, XElement? lastScf, int steps)
        {
            var symbols = _symbols ?? throw Error(line, "a calculation comes before atominfo", "VASP's vasprun.xml");
            var basis = Named(structure?.Element("crystal"), "varray", "basis") ?? throw Error(line, "the calculation has no basis", "<varray name=\"basis\"> in <crystal>");
            var cell = new Cell(Vectors(basis, 3, line));
            var places = Vectors(Named(structure, "varray", "positions") ?? throw Error(line, "the calculation has no positions", "<varray name=\"positions\">"), symbols.Length, line);
            for (var i = 0; i < places.Length; i += 3)
            {
                (places[i], places[i + 1], places[i + 2]) = cell.ToCartesian(places[i], places[i + 1], places[i + 2]);
            }

            var free = Energy(energy ?? throw Error(line, "the calculation has no energy", "<energy>"), "e_fr_energy", line);
            var last = lastScf ?? energy;
            double Beyond(string name) => Energy(last, name, line) - Energy(last, "e_fr_energy", line);
            return new VaspIonicStep(
                new AtomicConfiguration(symbols, places, cell, periodic: true), free, free + Beyond("e_wo_entrp"), free + Beyond("e_0_energy"),
                forces is null ? null : Vectors(forces, symbols.Length, line), stress is null ? null : VaspIonicStep.StressFromKilobar(Vectors(stress, 3, line)),
                steps, lastScf is null || steps < _mostScfSteps)
            {
                HasFixedAtoms = _fixed,
            };
        }

        private double Energy(XElement energies, string name, int line) =>
            Number(Named(energies, "i", name)?.Value ?? throw Error(line, $"the calculation has no {name}", $"<i name=\"{name}\"> in <energy>"), line);

        private double[] Vectors(XElement array, int count, int line)
        {
            var values = new double[3 * count];
            var place = 0;
            foreach (var vector in array.Elements("v"))
            {
                var words = LineReader.Words(vector.Value);
                if (words.Length != 3 || place == values.Length)
                {
                    throw Error(line, $"'{array.Attribute("name")?.Value}' has the vector '{vector.Value.Trim()}'", $"{count} vectors of three numbers");
                }

                foreach (var word in words)
                {
                    values[place++] = Number(word, line);
                }
            }

            return place == values.Length ? values : throw Error(line, $"'{array.Attribute("name")?.Value}' has {place / 3} vectors", $"{count}");
        }

        // Fortran prints asterisks where a number does not fit; that one is not finite, and no label comes of it.
        private double Number(string word, int line) =>
            double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : word.Contains('*', StringComparison.Ordinal) ? double.NaN
            : throw Error(line, $"'{word.Trim()}' is not a number", "a number");

        private static XElement? Named(XElement? parent, string element, string name) =>
            parent?.Elements(element).FirstOrDefault(one => (string?)one.Attribute("name") == name);

        private MofException Error(int line, string what, string expected) => new(ErrorKind.FileFormat, what, $"{_path}:{line}", expected);
    }
}
