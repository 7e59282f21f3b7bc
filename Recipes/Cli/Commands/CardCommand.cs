using System.CommandLine;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Mace;
using MofInterop.ModelFiles.NequIP;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop card</c>.</summary>
internal static class CardCommand
{
    private const string Notes = """
        FILE is what another program has trained: a model of NequIP or Allegro that was deployed (.pth)
        or compiled to TorchScript (.nequip.pth), one of MACE (.model, or .safetensors), or one of
        DeePMD-kit (.dp, or .yaml). It is read as data; nothing in it is run. The card stands beside it
        (MODEL.mof.yaml) and is what LAMMPS, ASE and recipes take. NequIP's and Allegro's files do not
        tell the unit of their energies: say it where it is not eV. Of a MACE model with several heads
        say which, and of one for many elements for which of them the card is.

        Examples:  mofinterop card zif4.pth --method PBE-D3 --dispersion
                   mofinterop card toluene.pth --energy-unit kcal/mol --method CCSD(T)
                   mofinterop card mace-mh-1.model --head omat_pbe --species Zn,O,C,H --method PBE
        """;

    public static Command Create(CliServices services)
    {
        var file = new Argument<string>("FILE") { Description = "The model." };
        var output = new Option<string?>("--output", "-o") { Description = "The card. Default: the model's name with .mof.yaml, beside it.", HelpName = "FILE" };
        var unit = new Option<string>("--energy-unit") { Description = "What the model was trained in.", DefaultValueFactory = _ => "eV" };
        unit.AcceptOnlyFromAmong([.. NequipCard.EnergyUnits.Keys]);
        var precision = new Option<string>("--precision") { Description = "How it is to compute.", DefaultValueFactory = _ => "trained" };
        precision.AcceptOnlyFromAmong("trained", "double", "single");
        var method = new Option<string>("--method") { Description = "The method that the model was trained on.", HelpName = "NAME", DefaultValueFactory = _ => "not told" };
        var dispersion = new Option<bool>("--dispersion") { Description = "Its energies hold dispersion." };
        var head = new Option<string?>("--head") { Description = "Which head of a MACE model with several.", HelpName = "NAME" };
        var species = new Option<string?>("--species") { Description = "Elements of a MACE model that the card is for. Default: all, where it knows 20 or fewer.", HelpName = "Zn,O,C,H" };
        var charge = new Option<double?>("--total-charge") { Description = "Charge of the structure, for MACE models that take it. Default: 0.", HelpName = "NUMBER" };
        var spin = new Option<double?>("--total-spin") { Description = "Spin multiplicity of the structure, for MACE models that take it. Default: 1.", HelpName = "NUMBER" };
        var command = new DocumentedCommand("card", "Writes the model card of a NequIP, Allegro, MACE or DeePMD-kit model.", Notes) { file, output, unit, precision, method, dispersion, head, species, charge, spin };
        command.SetAction(async (result, _) =>
        {
            var model = result.GetValue(file)!;
            var card = result.GetValue(output) ?? Path.ChangeExtension(model, null) + ModelCard.Extension;
            if (!card.EndsWith(ModelCard.Extension, StringComparison.Ordinal))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the card {card}", expected: $"a name that ends in {ModelCard.Extension}");
            }

            var (described, cutoff) = WeightFile.Describe(
                model,
                card,
                new ReferenceMethod(result.GetValue(method)!, result.GetValue(dispersion)),
                result.GetValue(unit)!,
                result.GetValue(precision) switch { "double" => NetworkPrecision.Double, "single" => NetworkPrecision.Single, _ => NetworkPrecision.AsTrained },
                new MaceChoice(result.GetValue(head), Inputs(("total_charge", result.GetValue(charge)), ("total_spin", result.GetValue(spin)))),
                result.GetValue(species)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            ModelCardFile.Write(card, described);
            var labels = string.Join(' ', described.Species.Select(species => species.Label));
            await services.Output.WriteLineAsync($"{card}: {described.Kind}, cutoff {FormattableString.Invariant($"{cutoff:0.###}")} angstrom, species {labels}");
            await services.Output.WriteLineAsync("LAMMPS:  pair_style mof");
            await services.Output.WriteLineAsync($"         pair_coeff * * {card} {labels}     (in the order of your types)");
            await services.Output.WriteLineAsync($"ASE:     MofCalculator(\"{card}\")");
            return ExitCode.Success;
        });
        return command;
    }

    private static Dictionary<string, double> Inputs(params (string Name, double? Value)[] values) =>
        values.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!.Value, StringComparer.Ordinal);
}
