using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Hosts.Tests;

/// <summary>
/// A reference potential with made-up extrapolation grades: what a host must hand through does not depend on a training set.
/// </summary>
internal sealed class GradedModel
{
    private readonly SnapReference _reference;

    /// <summary>Writes the card beside its files.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="reference">The atoms, one of which gets the grade 1, the largest of its species.</param>
    /// <param name="potential">Stem of the potential's files.</param>
    /// <param name="unseen">A species without grades, or null.</param>
    public GradedModel(HostFolder folder, SnapReference reference, string potential, string? unseen = null)
    {
        _reference = reference;
        foreach (var extension in new[] { ".snapcoeff", ".snapparam" })
        {
            File.Copy(SnapReference.Potential(potential + extension), folder.File(potential + extension));
        }

        Card = folder.File(potential + ModelCard.Extension);
        var grades = folder.File(potential + SnapGradesFile.Extension);
        var model = SnapFiles.Read(folder.File(potential + ".snapcoeff"), folder.File(potential + ".snapparam"));
        Write(grades, model, unseen, [.. model.Species.Select(_ => 1.0)]);
        var raw = Expected();
        double[] largest = [.. model.Species.Select(species => raw.Where((_, i) => reference.AtomLabels[i] == species.Label).Where(double.IsFinite).DefaultIfEmpty(1).Max())];
        Write(grades, model, unseen, largest);
    }

    /// <summary>Path of the model card.</summary>
    public string Card { get; }

    /// <summary>Labels in the order of the reference's types.</summary>
    public string Labels => string.Join(' ', _reference.Types);

    /// <summary>Grades of the reference's atoms, computed without a host.</summary>
    public unsafe double[] Expected()
    {
        using var potential = PotentialLoader.Load(Card);
        potential.HasGrades.ShouldBeTrue();
        using var list = new NeighborList();
        list.Build([.. _reference.Positions.SelectMany(p => p)], new Cell([.. _reference.Cell.SelectMany(row => row)]), true, true, true, potential.Cutoff);
        int[] species = [.. _reference.AtomLabels.Select(label => potential.Species.Select((s, i) => (s, i)).Single(pair => pair.s.Label == label).i)];
        var view = list.View(species);
        var grades = new double[view.AtomCount];
        fixed (double* buffer = grades)
        {
            potential.Compute(view, new EvaluationBuffers { Grades = buffer }).ShouldBe(EvaluationOutcome.Success);
        }

        return grades[..species.Length];
    }

    private void Write(string grades, SnapModel model, string? unseen, double[] largest)
    {
        // Diagonal, with the weight of the constant small against the bispectrum's: grades of one species differ.
        double[] Factor(double scale) =>
            [.. Enumerable.Range(0, model.BispectrumCount + 1).SelectMany(row => Enumerable.Range(0, row + 1).Select(column => row == column ? (row == 0 ? 0.01 : 1) / scale : 0))];
        SnapGradesFile.Write(grades, new SnapModel(model.Parameters, model.Species)
        {
            Grades = new SnapGrades(model.BispectrumCount, [.. model.Species.Select((species, s) => species.Label == unseen ? null : Factor(Math.Sqrt(largest[s])))]),
        });
        var stem = Path.ChangeExtension(grades, null);
        ModelCardFile.Write(Card, new ModelCard
        {
            Kind = "snap",
            Species = [.. model.Species.Select(species => new Species(species.Label, 0, 0))],
            Files = new Dictionary<string, CardFile>
            {
                ["coefficients"] = ModelCardFile.Describe(Card, stem + ".snapcoeff"),
                ["parameters"] = ModelCardFile.Describe(Card, stem + ".snapparam"),
                ["grades"] = ModelCardFile.Describe(Card, grades),
            },
            Reference = new ReferenceMethod("PBE", DispersionIncluded: false),
        });
    }
}
