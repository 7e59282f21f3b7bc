using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>Files of LAMMPS's ML-SNAP through the C interface against its numbers.</summary>
public sealed unsafe class ReferenceAgreementTests
{
    public static TheoryData<string> Cases => new(SnapReferenceCase.All.Where(name => name != "Ta06A_zbl_overlay"));

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Every_reference_file_gives_the_numbers_of_ML_SNAP(string name)
    {
        var library = NativePotential.Baseline();
        var reference = Load(name);
        var handle = LoadSnap(library, reference);
        int[] species = [.. reference.Labels.Select(label => SpeciesIndex(library, handle, label))];
        int count = species.Length, periodic = 1;
        double energy = 0;
        double[] forces = new double[3 * count], virial = new double[9], energies = new double[count], virials = new double[9 * count];
        var everywhere = stackalloc int[] { periodic, periodic, periodic };
        fixed (double* x = reference.Positions, cell = reference.Cell, f = forces, w = virial, e = energies, v = virials)
        fixed (int* s = species)
        {
            var system = new AtomSystem { StructSize = sizeof(AtomSystem), AtomCount = count, Positions = x, Species = s, Cell = cell, Periodic = everywhere };
            var results = new Results { StructSize = sizeof(Results), AtomCapacity = count, Energy = &energy, Forces = f, Virial = w, AtomEnergies = e, AtomVirials = v };
            library.ComputeCell(handle, &system, &results).ShouldBe(0, library.LastError);
        }

        library.Free(handle).ShouldBe(0);
        Agree("energy", [energy], [reference.Energy], 1e-10);
        Agree("forces", forces, reference.Forces, reference.ForceTolerance);
        Agree("virial", virial, reference.Virial, 10 * reference.ForceTolerance);
        Agree("per-atom energies", energies, reference.AtomEnergies, 1e-10);
        var six = new List<double>();
        for (var i = 0; i < count; i++)
        {
            foreach (var place in Voigt.Lammps)
            {
                six.Add(virials[9 * i + place]);
            }
        }

        Agree("per-atom virials", [.. six], reference.AtomVirials, reference.ForceTolerance);
    }

    // With chemflag ML-SNAP takes the order of its pair_coeff line for that of the coefficients; we take the file's.
    [SkippableTheory]
    [InlineData("InP_chem_2J6")]
    [InlineData("ZIF8_published_rattled")]
    public void The_order_of_the_hosts_types_does_not_matter(string name)
    {
        var library = NativePotential.Baseline();
        var reference = Load(name);
        var handle = LoadSnap(library, reference);
        string[] order = [.. reference.TypeNames.Reverse()];
        int[] speciesOfType = [-1, .. order.Select(label => SpeciesIndex(library, handle, label))];
        int[] types = [.. reference.Labels.Select(label => 1 + Array.IndexOf(order, label))];
        double cutoff, energy = 0;
        library.Cutoff(handle, &cutoff).ShouldBe(0);
        using var list = new NeighborList();
        list.Build(reference.Positions, new Cell(reference.Cell), true, true, true, cutoff);
        var view = list.View(types);
        var forces = new double[3 * view.AtomCount];
        fixed (double* f = forces)
        {
            fixed (int* map = speciesOfType)
            {
                var neighbors = new Neighbors
                {
                    StructSize = sizeof(Neighbors),
                    AtomCount = view.AtomCount,
                    CenterCount = view.CenterCount,
                    TypeCount = speciesOfType.Length,
                    Positions = view.Positions,
                    Types = view.Types,
                    SpeciesOfType = map,
                    NeighborCounts = view.NeighborCounts,
                    Lists = view.Neighbors,
                    NeighborMask = view.NeighborMask,
                };
                var results = new Results { StructSize = sizeof(Results), AtomCapacity = view.AtomCount, Energy = &energy, Forces = f };
                library.ComputeNeighbors(handle, &neighbors, &results).ShouldBe(0, library.LastError);
            }

            list.FoldImages(f, 3);
        }

        library.Free(handle).ShouldBe(0);
        Agree("energy", [energy], [reference.Energy], 1e-10);
        Agree("forces", forces[..reference.Forces.Length], reference.Forces, reference.ForceTolerance);
    }

    private static SnapReferenceCase Load(string name)
    {
        var reference = SnapReferenceCase.Find(name);
        Skip.If(reference is null, "reference data absent");
        return reference!;
    }

    private static nint LoadSnap(NativePotential library, SnapReferenceCase reference)
    {
        nint handle;
        library.LoadSnap(NativePotential.Text(reference.CoefficientFile), NativePotential.Text(reference.ParameterFile), &handle).ShouldBe(0, library.LastError);
        return handle;
    }

    private static int SpeciesIndex(NativePotential library, nint handle, string label)
    {
        int index;
        library.SpeciesIndex(handle, NativePotential.Text(label), &index).ShouldBe(0, library.LastError);
        return index;
    }

    private static void Agree(string what, double[] actual, double[] expected, double floor)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (var k = 0; k < actual.Length; k++)
        {
            Math.Abs(actual[k] - expected[k]).ShouldBeLessThan(1e-9 * Math.Abs(expected[k]) + floor, $"{what}[{k}]");
        }
    }
}
