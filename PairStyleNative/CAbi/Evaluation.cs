using System.Globalization;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>The two ways to compute, with every argument checked before anything is read through it (neighbour lists: <see cref="NeighborCheck"/>).</summary>
internal static unsafe class Evaluation
{
    // Products with energies, and sums of these, are numbers.
    private const double LargestScale = 1e100;

    /// <summary>With the host's neighbour list; results are added to its buffers.</summary>
    public static void ComputeNeighbors(PotentialEntry entry, MofNeighbors* neighbors, MofResults* results)
    {
        Check.Struct(neighbors, neighbors is null ? 0 : neighbors->StructSize, sizeof(MofNeighbors), "mof_neighbors");
        var view = CheckedView(entry.Potential, *neighbors);
        var buffers = CheckedResults(entry.Potential, results, view.AtomCount);
        // Other processes may wait for the exchange of ghosts, whether this one has centers or not.
        if (view.CenterCount == 0 && entry.Potential is not IStagedPotential)
        {
            return;
        }

        var workspace = entry.Rent();
        try
        {
            var outcome = ParallelEvaluation.Compute(entry, workspace, view, buffers, workspace.Exchange.Of(*neighbors), listsAreChecked: false);
            if (outcome.Status == EvaluationStatus.ExchangeFailed && workspace.Exchange.Status < 0)
            {
                throw new HostException(workspace.Exchange.Status);
            }

            ThrowUnlessSuccess(outcome, null, entry.Potential);
        }
        finally
        {
            entry.Return(workspace);
        }
    }

    /// <summary>With atoms in a cell; results replace what the caller's buffers hold, or leave them alone on failure.</summary>
    public static void ComputeCell(PotentialEntry entry, MofSystem* system, MofResults* results)
    {
        Check.Struct(system, system is null ? 0 : system->StructSize, sizeof(MofSystem), "mof_system");
        var count = system->AtomCount;
        Check.Count(count, "atom_count");
        var wanted = CheckedResults(entry.Potential, results, count);
        Check.Pointer(system->Positions, count, "positions");
        Check.Pointer(system->Species, count, "species");
        Check.Species(new ReadOnlySpan<int>(system->Species, count), entry.Potential);
        var workspace = entry.Rent();
        try
        {
            var (cell, periodic) = workspace.Cell.Read(system->Cell, system->Periodic);
            var list = workspace.Neighbors;
            list.Build(new ReadOnlySpan<double>(system->Positions, 3 * count), cell, periodic.A, periodic.B, periodic.C, entry.Potential.Cutoff);
            var view = list.View(new ReadOnlySpan<int>(system->Species, count));
            var buffers = workspace.Results.Clear(wanted, view.AtomCount);
            if (count > 0)
            {
                ThrowUnlessSuccess(ParallelEvaluation.Compute(entry, workspace, view, buffers, exchange: null, listsAreChecked: true), list, entry.Potential);
            }

            Fold(list, buffers.Forces, wanted.Forces, 3);
            Fold(list, buffers.AtomEnergies, wanted.AtomEnergies, 1);
            Fold(list, buffers.AtomVirials, wanted.AtomVirials, 9);
            Copy(buffers.Grades, wanted.Grades, count);
            Copy(buffers.Energy, wanted.Energy, 1);
            Copy(buffers.Virial, wanted.Virial, 9);
        }
        finally
        {
            entry.Return(workspace);
        }
    }

    private static EvaluationBuffers CheckedResults(IPotential potential, MofResults* results, int atomCount)
    {
        Check.Struct(results, results is null ? 0 : results->StructSize, sizeof(MofResults), "mof_results");
        var perAtom = results->Forces is not null || results->AtomEnergies is not null || results->AtomVirials is not null || results->Grades is not null;
        if (perAtom && results->AtomCapacity < atomCount)
        {
            throw Check.Invalid($"mof_results.atom_capacity is {results->AtomCapacity}", $"at least the {atomCount} atoms of this call");
        }

        if (results->Grades is not null && !potential.HasGrades)
        {
            throw new MofException(
                ErrorKind.Unsupported, "extrapolation grades are wanted, but the model has none",
                remedy: "Train the potential again with MofInterop, which stores them with the model.");
        }

        return new EvaluationBuffers
        {
            Energy = results->Energy,
            Forces = results->Forces,
            Virial = results->Virial,
            AtomEnergies = results->AtomEnergies,
            AtomVirials = results->AtomVirials,
            Grades = results->Grades,
        };
    }

    private static NeighborView CheckedView(IPotential potential, in MofNeighbors host)
    {
        Check.Count(host.AtomCount, "atom_count");
        Check.Count(host.CenterCount, "center_count");
        Check.Count(host.TypeCount, "type_count");
        if (host.CenterCount > host.AtomCount)
        {
            throw Check.Invalid($"mof_neighbors.center_count is {host.CenterCount}", $"at most atom_count, {host.AtomCount}");
        }

        Check.Pointer(host.Positions, host.AtomCount, "positions");
        Check.Pointer(host.Types, host.AtomCount, "types");
        Check.Pointer(host.NeighborCounts, host.CenterCount, "neighbor_counts");
        Check.Pointer(host.Neighbors, host.CenterCount, "neighbors");
        CheckTypes(potential, host);
        CheckScales(host);
        return new NeighborView
        {
            AtomCount = host.AtomCount,
            CenterCount = host.CenterCount,
            Positions = host.Positions,
            Types = host.Types,
            SpeciesOfType = host.SpeciesOfType,
            Centers = host.Centers,
            NeighborCounts = host.NeighborCounts,
            Neighbors = host.Neighbors,
            ScaleOfType = host.ScaleOfType,
            NeighborMask = host.NeighborMask,
        };
    }

    private static void CheckTypes(IPotential potential, in MofNeighbors host)
    {
        var limit = host.SpeciesOfType is null ? potential.Species.Count : host.TypeCount;
        limit = host.ScaleOfType is null ? limit : Math.Min(limit, host.TypeCount);
        for (var i = 0; i < host.AtomCount; i++)
        {
            if ((uint)host.Types[i] >= (uint)limit)
            {
                throw Check.Invalid($"the type of atom {i} (counted from 0) is {host.Types[i]}", host.SpeciesOfType is null && host.ScaleOfType is null ? $"a species, 0 to {limit - 1}" : $"0 to {limit - 1} (type_count is {limit})");
            }
        }

        for (var type = 0; host.SpeciesOfType is not null && type < host.TypeCount; type++)
        {
            if (host.SpeciesOfType[type] < -1 || host.SpeciesOfType[type] >= potential.Species.Count)
            {
                throw Check.Invalid($"species_of_type[{type}] is {host.SpeciesOfType[type]}", $"-1 (not of this potential) or a species, 0 to {potential.Species.Count - 1}");
            }
        }
    }

    private static void CheckScales(in MofNeighbors host)
    {
        for (var type = 0; host.ScaleOfType is not null && type < host.TypeCount; type++)
        {
            if (!(Math.Abs(host.ScaleOfType[type]) <= LargestScale))
            {
                throw Check.Invalid(string.Create(CultureInfo.InvariantCulture, $"scale_of_type[{type}] is {host.ScaleOfType[type]}"), "a finite number, not larger than 1e100");
            }
        }
    }

    private static void ThrowUnlessSuccess(EvaluationOutcome outcome, NeighborList? images, IPotential potential)
    {
        if (outcome.Status == EvaluationStatus.Success)
        {
            return;
        }

        var atom = images is not null && outcome.Atom >= 0 ? images.Owners[outcome.Atom] : outcome.Atom;
        var other = images is not null && outcome.Neighbor >= 0 ? images.Owners[outcome.Neighbor] : outcome.Neighbor;
        var where = atom < 0 ? null : $"atom {atom} (counted from 0)";
        var fault = outcome.Status switch
        {
            EvaluationStatus.PositionNotFinite => new MofException(ErrorKind.InvalidArgument, "a position is not finite", where, remedy: "The simulation has blown up, or positions were never set."),
            EvaluationStatus.UnknownSpecies => new MofException(ErrorKind.InvalidArgument, "the potential does not know the species of this atom", where, "one of " + Check.Labels(potential)),
            EvaluationStatus.TooManyNeighbors => new MofException(ErrorKind.NumericalFailure, "this atom has many thousand neighbours within the cutoff", where, remedy: "Look at the cell, at the cutoff of the model, and for a simulation that has collapsed."),
            EvaluationStatus.AtomsOverlap => new MofException(ErrorKind.NumericalFailure, other < 0 ? "another atom is on the same spot" : $"atom {other} is on the same spot", where, remedy: "Remove one of them, or look for a simulation that has blown up."),
            EvaluationStatus.GhostValuesUnknown => Check.Invalid($"mof_neighbors.forward_ghosts is NULL, but there are ghosts, and a potential of kind {potential.Kind} needs what was found for the atoms they are copies of", "a function that tells"),
            EvaluationStatus.ExchangeFailed => Check.Invalid("forward_ghosts of the host returned a positive number", "0, or a negative number where it failed"),
            _ => new MofException(ErrorKind.NumericalFailure, "energy or forces are not finite", where, remedy: "Look for atoms that are much too close."),
        };
        throw atom < 0 ? fault : new AtomException(fault, atom, other);
    }

    private static void Fold(NeighborList list, double* values, double* target, int width)
    {
        if (target is not null)
        {
            list.FoldImages(values, width);
            Copy(values, target, (long)list.LocalCount * width);
        }
    }

    private static void Copy(double* source, double* target, long count)
    {
        if (target is not null)
        {
            Buffer.MemoryCopy(source, target, count * sizeof(double), count * sizeof(double));
        }
    }
}
