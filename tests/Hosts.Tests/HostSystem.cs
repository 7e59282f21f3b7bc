using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MofInterop.ModelFiles;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Hosts.Tests;

/// <summary>Atoms for LAMMPS, and what the library itself computes for them.</summary>
/// <param name="Labels">Of the atom types: species of a potential, which begin with the symbol of their element.</param>
/// <param name="Cell">Rows a b c, lower triangular as LAMMPS wants it, Å.</param>
/// <param name="Positions">[natoms][3], Å.</param>
/// <param name="Types">[natoms], counted from 0.</param>
internal sealed partial record HostSystem(IReadOnlyList<string> Labels, double[] Cell, double[] Positions, int[] Types)
{
    /// <summary>Number of atoms.</summary>
    public int Count => Types.Length;

    /// <summary>A lattice, one atom to each of its cells, all of them displaced at random; the types take turns.</summary>
    /// <param name="labels">Of the types.</param>
    /// <param name="a">Cells along a; b and c likewise.</param>
    /// <param name="spacing">Å.</param>
    /// <param name="displacement">The largest along each axis, Å.</param>
    public static HostSystem Lattice(IReadOnlyList<string> labels, int a, int b, int c, double spacing, double displacement = 0.15)
    {
        var random = new Random(7);
        var positions = new List<double>();
        double[] cell = [a * spacing, 0, 0, 0.09 * b * spacing, b * spacing, 0, -0.06 * c * spacing, 0.05 * c * spacing, c * spacing];
        for (var n = 0; n < a * b * c; n++)
        {
            double[] place = [(n % a + 0.5) / a, (n / a % b + 0.5) / b, (n / a / b + 0.5) / c];
            positions.AddRange(Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 3).Sum(row => place[row] * cell[3 * row + k]) + displacement * (2 * random.NextDouble() - 1)));
        }

        return new HostSystem(labels, cell, [.. positions], [.. Enumerable.Range(0, a * b * c).Select(n => n * 7 % labels.Count)]);
    }

    /// <summary>The same with so much vacuum along a.</summary>
    public HostSystem WithVacuum(double length)
    {
        double[] wide = [.. Cell];
        wide[0] += length;
        return this with { Cell = wide };
    }

    /// <summary>Writes <c>system.data</c>.</summary>
    public void Write(HostFolder folder)
    {
        var text = new StringBuilder("made up\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Count} atoms\n{Labels.Count} atom types\n0 {Cell[0]:R} xlo xhi\n0 {Cell[4]:R} ylo yhi\n0 {Cell[8]:R} zlo zhi\n{Cell[3]:R} {Cell[6]:R} {Cell[7]:R} xy xz yz\n\nMasses\n\n");
        for (var type = 0; type < Labels.Count; type++)
        {
            Elements.TryBySymbol(Symbol().Match(Labels[type]).Value, out var element).ShouldBeTrue(Labels[type]);
            text.Append(CultureInfo.InvariantCulture, $"{type + 1} {element!.Mass:R}\n");
        }

        text.Append("\nAtoms # atomic\n\n");
        for (var i = 0; i < Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {Types[i] + 1} {Positions[3 * i]:R} {Positions[3 * i + 1]:R} {Positions[3 * i + 2]:R}\n");
        }

        File.WriteAllText(folder.File("system.data"), text.ToString());
    }

    /// <summary>The lines that give the atoms the potential of a card.</summary>
    public string Style(string card) => $"pair_style mof\npair_coeff * * {card} {string.Join(' ', Labels)}";

    /// <summary>What the library computes for these atoms in their cell, without a host.</summary>
    public unsafe Evaluation Expected(string card)
    {
        using var potential = PotentialLoader.Load(card);
        string[] known = [.. potential.Species.Select(one => one.Label)];
        int[] species = [.. Types.Select(type => Array.IndexOf(known, Labels[type]))];
        species.ShouldAllBe(one => one >= 0, "labels that the potential has not");
        using var list = new NeighborList();
        list.Build(Positions, new Cell(Cell), true, true, true, potential.Cutoff);
        double[] forces = new double[3 * list.AtomCount], energies = new double[list.AtomCount], virials = new double[9 * list.AtomCount], virial = new double[9];
        var energy = 0.0;
        fixed (double* f = forces, e = energies, w = virials, total = virial)
        {
            potential.Compute(list.View(species), new EvaluationBuffers { Energy = &energy, Forces = f, Virial = total, AtomEnergies = e, AtomVirials = w }).ShouldBe(EvaluationOutcome.Success);
            list.FoldImages(f, 3);
            list.FoldImages(w, 9);
        }

        var six = Voigt.Lammps.ToArray();
        return new Evaluation(
            energy,
            [.. six.Select(place => virial[place])],
            forces[..(3 * Count)],
            energies[..Count],
            [.. Enumerable.Range(0, Count).SelectMany(i => six.Select(place => virials[9 * i + place]))]);
    }

    [GeneratedRegex("^[A-Z][a-z]?")]
    private static partial Regex Symbol();
}
