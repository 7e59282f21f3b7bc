using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.ModelFiles.Snap;
using MofInterop.ModelFiles.Sums;
using MofInterop.ModelFiles.Zbl;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>Makes one model card of what the options of <see cref="PotentialStep"/> name.</summary>
internal static class PotentialAssembly
{
    private const string SnapKind = "snap";

    /// <summary>The species of the card or the snapcoeff file, with atomic numbers and masses where they can be known.</summary>
    /// <exception cref="MofException">A file is missing or wrong.</exception>
    public static IReadOnlyList<Species> SpeciesOf(PotentialOptions options)
    {
        if (options.Card is { } card)
        {
            return ModelCardFile.Read(card.Path).Species;
        }

        var snap = options.Snap!;
        var species = SnapFiles.Read(snap.Coefficients.Path, snap.Parameters.Path).Species;
        foreach (var label in snap.Elements.Keys.Where(label => species.All(one => one.Label != label)))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"an element is given for '{label}', which the potential does not know", expected: "one of " + string.Join(", ", species.Select(one => one.Label)));
        }

        return [.. species.Select(one => ElementOf(one.Label, snap) is { } element ? new Species(one.Label, element.AtomicNumber, element.Mass) : new Species(one.Label, 0, 0))];
    }

    /// <summary>Writes the card and everything that it names; returns its path.</summary>
    /// <exception cref="MofException">A file is missing, wrong, or has changed since its card was written.</exception>
    public static string Write(PotentialOptions options, string folder)
    {
        var name = options.PotentialName + ModelCard.Extension;
        var files = new CardFolder(folder);
        if (options is { Card: { } only, Zbl: null, D3: null })
        {
            return files.CopyCard(only.Path, name);
        }

        var path = files.NewPath(name);
        var added = Added(options, files);
        var card = options.Card is { } given ? SumWith(files.CopyCard(given.Path), added) : SnapCard(options, files, added);
        ModelCardFile.Write(path, options.D3 is null ? card : card with { Reference = card.Reference with { DispersionIncluded = true } });
        return path;
    }

    private static List<SumCardPart> Added(PotentialOptions options, CardFolder files)
    {
        var added = new List<SumCardPart>();
        if (options.Zbl is { } zbl)
        {
            added.Add(SumCardPart.Of(new CardPart { Kind = ZblCard.Kind, Species = [], Zbl = zbl.CardFor(SpeciesOf(options)) }));
        }

        if (options.D3 is { } d3)
        {
            added.Add(SumCardPart.Of(new CardPart { Kind = DispersionCard.Kind, Species = [], Dispersion = d3.Card, Files = new Dictionary<string, CardFile> { ["parameters"] = files.CopyFile(d3.TablePath) } }));
        }

        return added;
    }

    // Its errors are those of the card alone.
    private static ModelCard SumWith(string card, List<SumCardPart> added) => ModelCardFile.Read(card) with
    {
        Kind = SumCard.Kind,
        Files = new Dictionary<string, CardFile>(),
        Zbl = null,
        Dispersion = null,
        Sum = new SumCard([SumCardPart.Of(ModelCardFile.Describe(card, card)), .. added]),
        Errors = [],
    };

    private static ModelCard SnapCard(PotentialOptions options, CardFolder files, List<SumCardPart> added)
    {
        var snap = options.Snap!;
        var named = new Dictionary<string, CardFile> { ["coefficients"] = files.CopyFile(snap.Coefficients.Path), ["parameters"] = files.CopyFile(snap.Parameters.Path) };
        if (snap.Grades is { } grades)
        {
            named["grades"] = files.CopyFile(grades.Path);
        }

        var card = new ModelCard { Kind = SnapKind, Species = SpeciesOf(options), Files = named, Reference = new ReferenceMethod(snap.Method, snap.DispersionIncluded) };
        return added.Count == 0 ? card : card with
        {
            Kind = SumCard.Kind,
            Files = new Dictionary<string, CardFile>(),
            Sum = new SumCard([SumCardPart.Of(new CardPart { Kind = SnapKind, Species = [], Files = named }), .. added]),
        };
    }

    private static Element? ElementOf(string label, SnapFileOptions snap)
    {
        if (snap.Elements.TryGetValue(label, out var given))
        {
            return Elements.BySymbol(given);
        }

        // C3a is carbon and Zn4a zinc; Cu may be copper, but C1 is not Cl.
        var symbol = new string([.. label.TakeWhile((c, k) => k == 0 ? char.IsAsciiLetterUpper(c) : k == 1 && char.IsAsciiLetterLower(c))]);
        return Elements.TryBySymbol(symbol, out var element) ? element : null;
    }
}
