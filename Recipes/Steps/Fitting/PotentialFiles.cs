using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.ModelFiles.Snap;
using MofInterop.ModelFiles.Sums;
using MofInterop.ModelFiles.Zbl;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Steps;

/// <summary>The files of a fitted potential: a model card, SNAP's two files and its grades.</summary>
/// <param name="name">Their name without endings.</param>
/// <param name="repulsion">What is added to SNAP, or null.</param>
/// <param name="dispersion">The same, with the table that stands beside the card.</param>
internal sealed class PotentialFiles(string name, ZblCard? repulsion, DispersionOptions? dispersion = null)
{
    private const string DispersionTable = "dftd3.dat";

    private string[] Names => [name + SnapFiles.CoefficientExtension, name + SnapFiles.ParameterExtension, name + SnapGradesFile.Extension];

    /// <summary>The card in a folder.</summary>
    public string CardIn(string folder) => Path.Combine(folder, name + ModelCard.Extension);

    /// <summary>Writes the files of a model, without its card.</summary>
    public void WriteModel(string folder, SnapModel model, string comment)
    {
        SnapFiles.Write(model, Path.Combine(folder, Names[0]), Path.Combine(folder, Names[1]), comment);
        if (dispersion is not null)
        {
            File.Copy(dispersion.TablePath, Path.Combine(folder, DispersionTable), overwrite: true);
        }

        if (model.Grades is not null)
        {
            SnapGradesFile.Write(Path.Combine(folder, Names[2]), model, comment);
        }
    }

    /// <summary>Copies the files of a model, without its card.</summary>
    public void Copy(string from, string to)
    {
        foreach (var file in Names.Where(file => File.Exists(Path.Combine(from, file))))
        {
            File.Copy(Path.Combine(from, file), Path.Combine(to, file));
        }
    }

    /// <summary>Writes a card for the files in a folder; returns its path.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="species">With atomic numbers and masses.</param>
    /// <param name="describe">Adds what is known of the potential.</param>
    public string WriteCard(string folder, IReadOnlyList<Species> species, Func<ModelCard, ModelCard> describe)
    {
        var path = CardIn(folder);
        string[] roles = ["coefficients", "parameters", "grades"];
        var files = roles.Zip(Names, (role, file) => (role, File: Path.Combine(folder, file)))
            .Where(entry => File.Exists(entry.File))
            .ToDictionary(entry => entry.role, entry => ModelCardFile.Describe(path, entry.File));
        var card = new ModelCard { Kind = "snap", Species = species, Files = files, Reference = new ReferenceMethod("none", DispersionIncluded: false) };
        List<CardPart> others =
        [
            .. repulsion is null ? (CardPart[])[] : [new CardPart { Kind = ZblCard.Kind, Species = [], Zbl = repulsion }],
            .. dispersion is null ? (CardPart[])[] : [DispersionPart(path, folder, dispersion)],
        ];
        if (others.Count > 0)
        {
            card = card with
            {
                Kind = SumCard.Kind,
                Files = new Dictionary<string, CardFile>(),
                Sum = new SumCard([SumCardPart.Of(new CardPart { Kind = "snap", Species = [], Files = files }), .. others.Select(SumCardPart.Of)]),
            };
        }

        ModelCardFile.Write(path, describe(card));
        return path;
    }

    private static CardPart DispersionPart(string card, string folder, DispersionOptions dispersion) => new()
    {
        Kind = DispersionCard.Kind,
        Species = [],
        Files = new Dictionary<string, CardFile> { ["parameters"] = ModelCardFile.Describe(card, Path.Combine(folder, DispersionTable)) },
        Dispersion = dispersion.Card,
    };
}
