using System.CommandLine;
using MofInterop.Learning;
using MofInterop.ModelFiles;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string Notes = """
        Units: eV, eV/angstrom, eV/angstrom^3; the stress has ASE's sign (tension positive) and order
        xx yy zz yz xz xy. Where the potential's species are atom types (C3a) and the structure has
        only elements, the atoms are typed by their bonds first. An extended XYZ file may hold
        several frames.
        """;

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("MODEL") { Description = "The potential: a model card (.mof.yaml) or a .snapcoeff with its .snapparam beside it." };
        var structure = CommonArguments.Structure();
        var format = new Option<string>("--format") { Description = "How results are printed.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json", "extxyz");
        var output = new Option<string?>("--output", "-o") { Description = "Write the results to this file instead.", HelpName = "FILE" };
        var primitive = CommonArguments.Primitive();
        var tolerance = CommonArguments.BondTolerance();
        var command = new DocumentedCommand("evaluate", "Computes energy, forces and stress of a structure with a potential.", Notes) { model, structure, format, output, primitive, tolerance };
        command.SetAction(async (result, cancellation) =>
        {
            using var potential = PotentialLoader.Load(result.GetValue(model)!);
            using var evaluator = new PotentialEvaluator(potential);
            var labels = potential.Species.Select(species => species.Label).ToHashSet();
            var file = result.GetValue(output);
            await using var opened = file is null ? null : new StreamWriter(file);
            var writer = EvaluationWriter.Create(result.GetValue(format)!, opened ?? services.Output);
            await foreach (var frame in services.Structures.ReadAllAsync(result.GetValue(structure)!, result.GetValue(primitive), cancellation))
            {
                var typed = WithLabels(frame, labels, new BondSettings { Tolerance = result.GetValue(tolerance) });
                writer.Write(typed.With(evaluator.Evaluate(typed)));
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The configuration with labels that the potential knows: its own types, its elements, or types from its bonds.</summary>
    private static AtomicConfiguration WithLabels(AtomicConfiguration frame, HashSet<string> known, BondSettings bonds)
    {
        if ((frame.Types ?? frame.Symbols).All(known.Contains))
        {
            return frame;
        }

        if (frame.Types is null && !frame.Symbols.Any(known.Contains))
        {
            var typed = AtomTyping.Typed(frame, bonds);
            if (typed.Types!.FirstOrDefault(type => !known.Contains(type)) is not { } stranger)
            {
                return typed;
            }

            throw new MofException(
                ErrorKind.InvalidArgument,
                $"the structure has an atom of type {stranger}, which the potential lacks",
                expected: string.Join(", ", known),
                remedy: "'mofinterop types' shows the types of the structure; another --bond-tolerance may be needed.");
        }

        var absent = (frame.Types ?? frame.Symbols).First(label => !known.Contains(label));
        throw new MofException(ErrorKind.InvalidArgument, $"the structure has an atom '{absent}', which the potential lacks", expected: string.Join(", ", known));
    }
}
