using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class LammpsAgreementTests
{
    public static TheoryData<string> Cases => new(
        "Ta06A_linear_2J6", "W_2940_linear_2J8", "WBe_linear_2J8", "W_rmin0_noswitch", "ZIF8_published_equilibrium",
        "ZIF8_published_rattled", "W_switchinner", "Mo_quadratic", "InP_chem_2J6");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void The_scalar_reference_agrees_with_LAMMPS(string name)
    {
        var data = LammpsCase.Load(name);
        var reference = new SnapReference(data.Model);
        using var potential = new SnapPotential(data.Model);
        Check(data, Evaluation.Of(reference.Compute, potential.Cutoff, data.Positions, data.Types, data.Cell));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void The_potential_agrees_with_LAMMPS_at_every_vector_width(string name)
    {
        var data = LammpsCase.Load(name);
        foreach (var lanes in (int[])[2, 4, 8])
        {
            using var potential = new SnapPotential(data.Model, lanes);
            Check(data, Evaluation.Of(potential, data.Positions, data.Types, data.Cell));
        }
    }

    [SkippableFact]
    public void The_bispectrum_agrees_with_LAMMPS_for_Ta06A()
    {
        var data = LammpsCase.Load("Ta06A_linear_2J6");
        using var list = new NeighborList();
        list.Build(data.Positions, data.Cell, true, true, true, 2 * data.Model.PairCutoff(0, 0));
        foreach (var lanes in (int[])[1, 2, 4, 8])
        {
            var rows = new BispectrumRows(new double[data.Bispectrum!.Length]);
            using var descriptors = new SnapDescriptors(data.Model, lanes);
            descriptors.Compute(list.View(data.Types), rows, derivatives: false).Status.ShouldBe(EvaluationStatus.Success);
            rows.Values.ShouldAgree(data.Bispectrum!, 1e-9, 1e-10, "bispectrum");
        }
    }

    private static void Check(LammpsCase data, Evaluation result)
    {
        result.Outcome.ShouldBe(EvaluationOutcome.Success);
        result.Energy.ShouldBe(data.Energy, 1e-9 * Math.Abs(data.Energy));
        // compute_yi of LAMMPS takes B(κ,λ,μ; j,j2,j) and B(μ,λ,κ; j,j2,j) for one term with one coefficient. InP's file has
        // two that differ by up to 5e-11, so that LAMMPS's forces are off its own energy's gradient by about 1e-9.
        var asymmetry = data.Model.Parameters.Chemical ? 1000 : 1;
        result.Forces.ShouldAgree(data.Forces, 1e-9, 1e-10 * asymmetry, "force");
        result.AtomEnergies.ShouldAgree(data.AtomEnergies, 1e-9, 1e-10, "atomic energy");
        result.Virial.ShouldAgree(data.Virial, 1e-9, 1e-9 * asymmetry, "virial");
        var six = new List<double>();
        for (var i = 0; i < data.Types.Length; i++)
        {
            foreach (var place in Voigt.Lammps)
            {
                six.Add(result.AtomVirials[9 * i + place]);
            }
        }

        six.ShouldAgree(data.AtomVirials, 1e-9, 1e-10 * asymmetry, "atomic virial");
    }

    private sealed class BispectrumRows(double[] values) : ISnapDescriptorConsumer
    {
        public double[] Values => values;

        public void Accept(in SnapAtomDescriptors descriptors) =>
            descriptors.Bispectrum.CopyTo(values.AsSpan(descriptors.Center * descriptors.Bispectrum.Length));
    }
}
