using System.Security.Cryptography;
using MofInterop.Lammps;
using MofInterop.ModelFiles.Cards;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A potential as a model card, and what is known of its fit.</summary>
/// <param name="CardFile">The model card, beside its files.</param>
/// <param name="Fingerprint">Changes with every bit of the card, hence of its files.</param>
/// <param name="Summary">About the fit.</param>
internal sealed record FittedPotential(string CardFile, string Fingerprint, FitSummary Summary) : SimulationPotential(Fingerprint)
{
    private readonly Lazy<IReadOnlyList<string>> _labels = new(() => [.. ModelCardFile.Read(CardFile).Species.Select(species => species.Label)]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => _labels.Value;

    /// <summary>Reads a potential from a card of whatever origin.</summary>
    public static FittedPotential FromCard(string cardFile, FitSummary summary) =>
        new(cardFile, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(cardFile))), summary);

    /// <inheritdoc/>
    public override LammpsPotential ForLammps(AtomicConfiguration labelled, double? stopGrade = null) =>
        LammpsPotential.ModelCard(CardFile, (labelled.Types ?? labelled.Symbols).Distinct().Order(StringComparer.Ordinal), stopGrade);
}
