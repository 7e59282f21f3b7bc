using System.Runtime.InteropServices;
using System.Text;
using MofInterop.ModelFiles;
using MofInterop.Potentials;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>The exports of mofpotential.h that can fail; an exception that left one would end the host.</summary>
internal static unsafe class PotentialExports
{
    private const int Success = 0;
    private const int MaximumThreads = 1024;
    private const int DoublePrecision = 0;
    private const int MixedPrecision = 1;

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_load")]
    public static int Load(byte* cardPath, nint* potential)
    {
        try
        {
            Check.Pointer(potential, 1, "potential");
            *potential = 0;
            *potential = PotentialTable.Add(PotentialLoader.Load(ReadText(cardPath, "card_path")));
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_load_snap")]
    public static int LoadSnap(byte* coefficientPath, byte* parameterPath, nint* potential)
    {
        try
        {
            Check.Pointer(potential, 1, "potential");
            *potential = 0;
            *potential = PotentialTable.Add(PotentialLoader.LoadSnap(
                ReadText(coefficientPath, "coefficient_path"),
                ReadText(parameterPath, "parameter_path")));
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_free")]
    public static int Free(nint potential)
    {
        try
        {
            if (potential != 0)
            {
                PotentialTable.Remove(potential);
            }

            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_cutoff")]
    public static int Cutoff(nint potential, double* cutoff)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Check.Pointer(cutoff, 1, "cutoff");
            *cutoff = use.Entry.Potential.Cutoff;
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_pair_cutoff")]
    public static int PairCutoff(nint potential, int firstSpecies, int secondSpecies, double* cutoff)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Check.Pointer(cutoff, 1, "cutoff");
            Check.Species(firstSpecies, use.Entry.Potential, "first_species");
            Check.Species(secondSpecies, use.Entry.Potential, "second_species");
            *cutoff = use.Entry.Potential.PairCutoff(firstSpecies, secondSpecies);
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_species_count")]
    public static int SpeciesCount(nint potential, int* count)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Check.Pointer(count, 1, "count");
            *count = use.Entry.Potential.Species.Count;
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_species")]
    public static int Species(nint potential, int species, byte* label, nuint capacity, int* atomicNumber, double* mass)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Check.Species(species, use.Entry.Potential, "species");
            var found = use.Entry.Potential.Species[species];
            if (label is not null)
            {
                CopyText(found.Label, label, capacity);
            }

            if (atomicNumber is not null)
            {
                *atomicNumber = found.AtomicNumber;
            }

            if (mass is not null)
            {
                *mass = found.Mass;
            }

            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_species_index")]
    public static int SpeciesIndex(nint potential, byte* label, int* species)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Check.Pointer(species, 1, "species");
            *species = IndexOf(use.Entry.Potential, ReadText(label, "label"));
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_set_threads")]
    public static int SetThreads(nint potential, int threads)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            if (threads is < 1 or > MaximumThreads)
            {
                throw Check.Invalid($"threads is {threads}", $"1 to {MaximumThreads}");
            }

            use.Entry.Threads = threads;
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_set_precision")]
    public static int SetPrecision(nint potential, int precision)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            if (precision is not (DoublePrecision or MixedPrecision))
            {
                throw Check.Invalid($"precision is {precision}", $"{DoublePrecision} (double) or {MixedPrecision} (mixed)");
            }

            if (use.Entry.Potential is IMixedPrecision choice)
            {
                choice.MixedPrecision = precision == MixedPrecision;
            }
            else if (precision == MixedPrecision)
            {
                throw new MofException(ErrorKind.Unsupported, $"a potential of kind {use.Entry.Potential.Kind} computes in one precision only", expected: "precision double");
            }

            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_has_grades")]
    public static int HasGrades(nint potential, int* has)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Check.Pointer(has, 1, "has");
            *has = use.Entry.Potential.HasGrades ? 1 : 0;
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_compute_neighbors")]
    public static int ComputeNeighbors(nint potential, MofNeighbors* neighbors, MofResults* results)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Evaluation.ComputeNeighbors(use.Entry, neighbors, results);
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "mof_potential_compute_cell")]
    public static int ComputeCell(nint potential, MofSystem* system, MofResults* results)
    {
        try
        {
            using var use = PotentialTable.Use(potential);
            Evaluation.ComputeCell(use.Entry, system, results);
            return Success;
        }
        catch (Exception e)
        {
            return LastError.Record(e);
        }
    }

    private static int IndexOf(IPotential potential, string label)
    {
        for (var s = 0; s < potential.Species.Count; s++)
        {
            if (potential.Species[s].Label == label)
            {
                return s;
            }
        }

        throw Check.Invalid($"the potential has no species '{label}'", "one of " + Check.Labels(potential));
    }

    private static string ReadText(byte* text, string name)
    {
        Check.Pointer(text, 1, name);
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    private static void CopyText(string text, byte* target, nuint capacity)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        if (capacity <= (nuint)size)
        {
            throw Check.Invalid($"the capacity for the label is {capacity}", $"at least {size + 1} bytes");
        }

        Encoding.UTF8.GetBytes(text, new Span<byte>(target, size));
        target[size] = 0;
    }
}
