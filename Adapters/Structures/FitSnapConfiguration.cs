using System.Text.Json;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Structures;

/// <summary>One entry of a FitSNAP data set. Units and signs: <see cref="FitSnapJson"/>.</summary>
/// <param name="path">The file.</param>
/// <param name="name">Where in it.</param>
/// <param name="data">The entry.</param>
internal sealed class FitSnapConfiguration(string path, string name, JsonElement data)
{
    public AtomicConfiguration Read(string group, bool requireLabels)
    {
        if (data.ValueKind != JsonValueKind.Object)
        {
            throw Error("", "is not an object", "AtomTypes, Lattice, Positions, Energy, Forces and Stress");
        }

        var symbols = Symbols();
        var positions = Matrix("Positions", symbols.Count);
        return new AtomicConfiguration(symbols, positions, Cell(), periodic: true)
        {
            Label = Label(symbols.Count, requireLabels),
            Info = new Dictionary<string, string> { [ConfigurationGroups.Key] = group, ["source"] = $"{group}/{Path.GetFileName(path)}" },
        };
    }

    private List<string> Symbols()
    {
        var types = Require("AtomTypes", JsonValueKind.Array, "a chemical symbol for every atom");
        var symbols = new List<string>();
        foreach (var type in types.EnumerateArray())
        {
            var symbol = type.ValueKind == JsonValueKind.String ? type.GetString()! : "";
            if (!Elements.TryBySymbol(symbol, out _))
            {
                throw Error("AtomTypes", $"has {type.GetRawText()} for atom {symbols.Count} (counted from 0)", "a chemical symbol");
            }

            symbols.Add(symbol);
        }

        if (symbols.Count == 0)
        {
            throw Error("AtomTypes", "is empty", "a chemical symbol for every atom");
        }

        if (data.TryGetProperty("NumAtoms", out var count) && (count.ValueKind != JsonValueKind.Number || count.GetDouble() != symbols.Count))
        {
            throw Error("NumAtoms", $"is {count.GetRawText()}, but 'AtomTypes' has {symbols.Count}", "the same number");
        }

        return symbols;
    }

    private Cell Cell()
    {
        try
        {
            return new Cell(Matrix("Lattice", 3));
        }
        catch (MofException problem) when (problem.Where is null)
        {
            throw Error("Lattice", $"is no cell: {problem.What}", problem.Expected ?? "three vectors that span a volume");
        }
    }

    private ReferenceLabel? Label(int atoms, bool required)
    {
        var complete = data.TryGetProperty("Energy", out _) && data.TryGetProperty("Forces", out _);
        if (!complete && !required)
        {
            return null;
        }

        var energy = Require("Energy", JsonValueKind.Number, "the energy of all atoms, eV").GetDouble();
        if (!double.IsFinite(energy))
        {
            throw Error("Energy", "is not finite", "the energy of all atoms, eV");
        }

        var forces = Matrix("Forces", atoms);
        double[]? stress = null;
        if (data.TryGetProperty("Stress", out _))
        {
            stress = Voigt.Contract(Matrix("Stress", 3), Voigt.Ase);
            for (var k = 0; k < stress.Length; k++)
            {
                stress[k] = -stress[k] / PhysicalConstants.LammpsMetalPressure;
            }
        }

        return new ReferenceLabel(energy, forces, stress);
    }

    private double[] Matrix(string key, int rows)
    {
        var expected = $"{rows} rows of three finite numbers";
        var list = Require(key, JsonValueKind.Array, expected);
        if (list.GetArrayLength() != rows)
        {
            throw Error(key, $"has {list.GetArrayLength()} rows", expected);
        }

        var values = new double[3 * rows];
        for (var row = 0; row < rows; row++)
        {
            var one = list[row];
            for (var axis = 0; axis < 3; axis++)
            {
                if (one.ValueKind != JsonValueKind.Array || one.GetArrayLength() != 3 || one[axis].ValueKind != JsonValueKind.Number || !double.IsFinite(values[3 * row + axis] = one[axis].GetDouble()))
                {
                    throw Error(key, $"has {one.GetRawText()} as row {row} (counted from 0)", expected);
                }
            }
        }

        return values;
    }

    private JsonElement Require(string key, JsonValueKind kind, string expected)
    {
        if (!data.TryGetProperty(key, out var value))
        {
            throw Error(key, "is missing", expected);
        }

        return value.ValueKind == kind ? value : throw Error(key, $"is {value.ValueKind.ToString().ToLowerInvariant()}", expected);
    }

    private MofException Error(string key, string what, string expected) =>
        new(ErrorKind.FileFormat, key.Length > 0 ? $"'{key}' of {name} {what}" : $"{name} {what}", path, expected);
}
