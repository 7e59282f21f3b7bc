using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>What a step tells of its potential before anything runs.</summary>
/// <param name="Labels">The kinds of atoms it knows.</param>
/// <param name="Style">The pair style; null: it is a model card.</param>
internal sealed record PotentialFacts(IReadOnlyList<string> Labels, LammpsPotential? Style)
{
    /// <summary>Whether it is a model card.</summary>
    public bool HasCard => Style is null;

    /// <summary>Reports where the potential of a step does not know the step's atoms; one of which nothing is known yet passes.</summary>
    public static void CheckAtoms(StepCheck check)
    {
        if (check.Published<PotentialFacts>(TrainedPotential.Input.Name) is { } facts && check.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            CheckAtoms(check, facts, structure, "uses");
        }
    }

    /// <summary>Reports where a potential does not know the atoms of a structure.</summary>
    /// <param name="check">Of the step.</param>
    /// <param name="facts">The potential.</param>
    /// <param name="structure">The atoms.</param>
    /// <param name="parameter">Where to report it.</param>
    public static void CheckAtoms(StepCheck check, PotentialFacts facts, TypedStructure structure, string parameter)
    {
        try
        {
            _ = AtomLabels.Name(structure.Configuration, facts.Labels);
        }
        catch (MofException error)
        {
            check.Problem(parameter, error);
        }
    }

    /// <summary>Reports where a step needs a model card and its potential is none.</summary>
    /// <param name="check">Of the step.</param>
    /// <param name="parameter">What asks for it.</param>
    /// <param name="purpose">What needs it, at the beginning of a sentence.</param>
    public static void CheckCard(StepCheck check, string parameter, string purpose)
    {
        if (check.Published<PotentialFacts>(TrainedPotential.Input.Name) is { HasCard: false })
        {
            check.Problem(parameter, SimulationPotential.NoCard(purpose), SimulationPotential.CardExpected, kind: ErrorKind.Unsupported);
        }
    }
}
