using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>
/// Reads the ionic steps of an <c>OUTCAR</c>, one at a time in memory. <c>in kB</c> is +W/V in the order xx yy zz xy yz zx. A step is whole with its
/// line <c>energy without entropy</c>. What a machine-learned force field of VASP's gave (<c>ML</c>) is passed over.
/// </summary>
public static class Outcar
{
    /// <summary>Reads steps as they are asked for.</summary>
    /// <param name="path">The file, also <c>.gz</c>.</param>
    /// <param name="cut">
    /// Told when the file ends inside a step (a killed run), and of steps without positions (NWRITE = 0): both are left out; null: they are errors.
    /// </param>
    /// <exception cref="MofException">Missing or damaged, with <c>file:line</c> (FileFormat).</exception>
    public static IEnumerable<VaspIonicStep> Read(string path, Action<string>? cut = null)
    {
        using var lines = new LineReader(path);
        var reader = new StepReader(lines, cut);
        while (true)
        {
            VaspIonicStep? step;
            try
            {
                step = reader.Next();
            }
            catch (MofException) when (cut is not null && lines.EndedInside)
            {
                step = null;
            }

            if (step is null || lines.AtUnfinishedLine)
            {
                if (reader.InsideStep || step is not null)
                {
                    var problem = TrajectoryNotes.CutFrame(path, lines.LineNumber);
                    (cut ?? (_ => throw lines.Error("the file ends inside an ionic step", "a finished run")))(problem);
                }

                yield break;
            }

            yield return step;
        }
    }

    /// <summary>Whether the run came to its end, as its last lines tell.</summary>
    public static bool IsFinished(string path)
    {
        using var lines = new LineReader(path);
        while (lines.Next() is { } line)
        {
            if (line.Contains("General timing and accounting", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class StepReader(LineReader lines, Action<string>? note)
    {
        private readonly List<string> _elements = [];
        private readonly List<string> _titles = [];
        private readonly List<string> _potentials = [];
        private int? _atoms;
        private bool _learned;
        private string[]? _symbols;
        private int[]? _counts;
        private double[]? _rows;
        private double[]? _positions;
        private double[]? _forces;
        private double[]? _stress;
        private int _scfSteps;
        private bool _converged;

        /// <summary>Electronic steps were made for an ionic step that is not whole.</summary>
        public bool InsideStep { get; private set; }

        public VaspIonicStep? Next()
        {
            while (lines.Next() is { } line)
            {
                if (line.Contains("FREE ENERGIE OF THE ION-ELECTRON SYSTEM", StringComparison.Ordinal) && !line.TrimStart().StartsWith("ML", StringComparison.Ordinal))
                {
                    if (ReadEnergies() is { } step)
                    {
                        return step;
                    }

                    continue;
                }

                ReadHead(line);
                ReadParts(line);
            }

            return null;
        }

        private void ReadHead(string line)
        {
            if (line.Contains("VRHFIN", StringComparison.Ordinal) && After(line, "=") is { } element)
            {
                _elements.Add(element.Split(':')[0].Trim());
            }
            else if (line.Contains("TITEL", StringComparison.Ordinal) && After(line, "=") is { } title)
            {
                _titles.Add(title);
            }
            else if (line.TrimStart().StartsWith("POTCAR:", StringComparison.Ordinal) && _symbols is null)
            {
                _potentials.Add(After(line, ":")!);
            }
            else if (line.Contains("NIONS =", StringComparison.Ordinal))
            {
                _atoms = lines.Integer(LineReader.Words(After(line, "NIONS =")!) is [var count, ..] ? count : "", "the number of ions");
            }
            else if (line.Contains("ions per type =", StringComparison.Ordinal))
            {
                ReadCounts(After(line, "=")!);
            }
        }

        // VASP gives this line ten types; where more follow below they are read, where they are missing the elements do not fit, and the file is refused.
        private void ReadCounts(string text)
        {
            var counts = new List<int>();
            while (!string.IsNullOrWhiteSpace(text))
            {
                counts.AddRange(LineReader.Words(text).Select(word => lines.Integer(word, "the number of atoms of a type")));
                text = counts.Sum() < (_atoms ?? 0) ? lines.Require("the numbers of atoms of further types") : "";
            }

            _counts = [.. counts];
        }

        private void ReadParts(string line)
        {
            if (line.Contains("- Iteration ", StringComparison.Ordinal))
            {
                InsideStep = true;
                _scfSteps++;
            }
            else if (line.Contains("aborting loop because EDIFF is reached", StringComparison.Ordinal))
            {
                _converged = true;
            }
            else if (line.Contains("FORCE on cell =-STRESS", StringComparison.Ordinal))
            {
                _learned = line.TrimStart().StartsWith("ML", StringComparison.Ordinal);
            }
            else if (!_learned && line.TrimStart().StartsWith("in kB ", StringComparison.Ordinal))
            {
                _stress = VaspIonicStep.StressFromKilobar(Voigt.Expand(Numbers(line.Trim()["in kB".Length..], 6), Voigt.Vasp));
            }
            else if (line.Contains("direct lattice vectors", StringComparison.Ordinal))
            {
                var rows = new double[9];
                for (var k = 0; k < 9; k += 3)
                {
                    Numbers(lines.Require("a lattice vector"), 3).CopyTo(rows.AsSpan(k));
                }

                _rows = rows;
            }
            else if (line.Contains("POSITION", StringComparison.Ordinal) && line.Contains("TOTAL-FORCE (eV/Angst)", StringComparison.Ordinal) && !line.Contains("(ML)", StringComparison.Ordinal))
            {
                ReadForces();
            }
        }

        private void ReadForces()
        {
            var count = Symbols().Length;
            lines.Require("a line below the heading of the forces");
            _positions = new double[3 * count];
            _forces = new double[3 * count];
            for (var i = 0; i < count; i++)
            {
                var numbers = Numbers(lines.Require($"atom {i + 1} of {count}"), 6);
                numbers.AsSpan(0, 3).CopyTo(_positions.AsSpan(3 * i));
                numbers.AsSpan(3, 3).CopyTo(_forces.AsSpan(3 * i));
            }
        }

        // With the methods of vdW-DF each energy is followed by another one "w/o vdW".
        private VaspIonicStep? ReadEnergies()
        {
            double? free = null;
            while (true)
            {
                var line = lines.Require("the energies of an ionic step");
                if (After(line, "TOTEN") is { } total)
                {
                    free = Numbers(total.TrimStart(' ', '='), 1)[0];
                }
                else if (After(line, "without entropy=") is { } withoutEntropy)
                {
                    return free is { } value && After(line, "energy(sigma->0) =") is { } extrapolated
                        ? Finish(value, Numbers(withoutEntropy, 1)[0], Numbers(extrapolated, 1)[0])
                        : throw lines.Error("the energies of an ionic step are incomplete", "'free energy TOTEN =', then 'energy without entropy= … energy(sigma->0) = …'");
                }
            }
        }

        private VaspIonicStep? Finish(double free, double withoutEntropy, double extrapolated)
        {
            VaspIonicStep? step = null;
            if (_rows is not null && _positions is not null)
            {
                step = new VaspIonicStep(new AtomicConfiguration(Symbols(), _positions, new Cell(_rows), periodic: true), free, withoutEntropy, extrapolated, _forces, _stress, _scfSteps, _converged);
            }
            else
            {
                const string what = "an ionic step has no lattice or no positions", remedy = "OUTCARs written with NWRITE = 0 leave them out; vasprun.xml has them.";
                (note ?? (_ => throw lines.Error(what, "'direct lattice vectors' and 'POSITION … TOTAL-FORCE (eV/Angst)'", remedy)))($"{lines.FilePath}:{lines.LineNumber}: {what} and is left out. {remedy}");
            }

            (_positions, _forces, _stress, _scfSteps, _converged, InsideStep) = (null, null, null, 0, false, false);
            return step;
        }

        private string[] Symbols()
        {
            if (_symbols is not null)
            {
                return _symbols;
            }

            var counts = _counts ?? throw lines.Error("the file does not tell the number of atoms of each type before the first step", "'ions per type ='");

            // Files of today have all three. Titles and the list of potentials, which stands there twice, are as "PAW_PBE Zn_pv 06Sep2000".
            var elements = _elements.Count == counts.Length ? _elements
                : _titles.Count == counts.Length ? [.. _titles.Select(ElementOf)]
                : [.. _potentials.Take(_potentials.Count / 2).Select(ElementOf)];
            if (elements.Count != counts.Length)
            {
                throw lines.Error($"the file names {elements.Count} elements for {counts.Length} types of atoms", "a line 'VRHFIN =Zn: …' or 'TITEL = PAW_PBE Zn …' for each", "Give the run's vasprun.xml instead.");
            }

            if (elements.Find(element => !Elements.TryBySymbol(element, out _)) is { } unknown)
            {
                throw lines.Error($"'{unknown}' is not a chemical element");
            }

            return _symbols = [.. elements.Zip(counts).SelectMany(pair => Enumerable.Repeat(pair.First, pair.Second))];
        }

        /// <summary>The first numbers of fixed columns: neighbours may touch (<c>-1.5-20.1</c>), and one that does not fit is asterisks.</summary>
        private double[] Numbers(string text, int count)
        {
            var spaced = new StringBuilder(text.Length + 8);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '-' && i > 0 && char.IsAsciiDigit(text[i - 1]))
                {
                    spaced.Append(' ');
                }

                spaced.Append(text[i]);
            }

            var words = LineReader.Words(spaced.ToString());
            return words.Length >= count
                ? Array.ConvertAll(words[..count], word => word.Contains('*', StringComparison.Ordinal) ? double.NaN : lines.Number(word))
                : throw lines.Error($"'{text.Trim()}' has {words.Length} numbers", $"{count}");
        }

        private static string ElementOf(string title) => new([.. (LineReader.Words(title).ElementAtOrDefault(1) ?? "").TakeWhile(char.IsAsciiLetter)]);

        private static string? After(string line, string mark)
        {
            var place = line.IndexOf(mark, StringComparison.Ordinal);
            return place < 0 ? null : line[(place + mark.Length)..].Trim();
        }
    }
}
