using System.Text.Json;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Dispersion;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.Potentials.Units;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Dispersion;

/// <summary>
/// Against LAMMPS 4Feb2025 <c>pair_style dispersion/d3</c>, with its units of length and energy. LAMMPS computes coordination
/// numbers in single precision, which limits the agreement: with coordination numbers as it has them, the energy agrees to 1e-12.
/// </summary>
public sealed class LammpsDispersionTests
{
    private const double ReferenceVirialUnit = 1602176.634;

    public static TheoryData<string, double, double> Cases => new()
    {
        { "MOF5_prim_d3bj_pbe", 50, 20 },
        { "MOF5_rattled_d3bj_pbe", 50, 20 },
        { "ZIF8_rattled_d3bj_pbe", 30, 15 },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Energy_forces_and_virials_agree_with_LAMMPS(string name, double cutoff, double coordination)
    {
        using var document = Open(name);
        var model = Model(document.RootElement, cutoff, coordination);
        foreach (var lanes in (int[])[2, 4, 8])
        {
            using var potential = new DispersionPotential(model, lanes);
            Check(document.RootElement, Evaluate(document.RootElement, potential.Compute, cutoff), 2e-8, 1e-7);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void With_coordination_numbers_in_single_precision_the_agreement_is_complete(string name, double cutoff, double coordination)
    {
        using var document = Open(name);
        var reference = new SingleCoordination(Model(document.RootElement, cutoff, coordination));
        Check(document.RootElement, Evaluate(document.RootElement, reference.Compute, cutoff), 2e-12, 1e-11);
    }

    private static JsonDocument Open(string name)
    {
        var path = ReferenceData.Find($"d3/{name}.json");
        Skip.If(path is null, "reference data absent");
        return JsonDocument.Parse(File.ReadAllText(path!));
    }

    private static DispersionModel Model(JsonElement root, double cutoff, double coordination) =>
        new(DispersionData.Species(Names(root)), DispersionData.Published(), DispersionData.BeckeJohnson(cutoff, coordination), DispersionData.LammpsUnits);

    private static string[] Names(JsonElement root) => [.. root.GetProperty("types").EnumerateArray().Select(t => t.GetString()!)];

    private static Evaluation Evaluate(JsonElement root, Computation compute, double cutoff)
    {
        var names = Names(root);
        int[] types = [.. root.GetProperty("type").EnumerateArray().Select(t => Array.IndexOf(names, t.GetString()))];
        return Evaluation.Of(compute, cutoff, Numbers(root.GetProperty("positions")), types, new Cell(Numbers(root.GetProperty("cell"))));
    }

    // relative: of the energy; floor: of forces (eV/Å), virials and atomic energies (eV).
    private static void Check(JsonElement root, Evaluation result, double relative, double floor)
    {
        result.Outcome.ShouldBe(EvaluationOutcome.Success);
        var energy = root.GetProperty("energy").GetDouble();
        result.Energy.ShouldBe(energy, relative * Math.Abs(energy));
        result.Forces.ShouldAgree(Numbers(root.GetProperty("forces")), 0, floor, "force");
        result.AtomEnergies.ShouldAgree(Numbers(root.GetProperty("atomic_energies")), 0, floor, "atomic energy");
        double[] virial = [.. Numbers(root.GetProperty("virial_eV_xx_yy_zz_xy_xz_yz")).Select(w => w * ReferenceVirialUnit / PhysicalConstants.LammpsMetalPressure)];
        Voigt.Lammps.ToArray().Select(place => result.Virial[place]).ToArray().ShouldAgree(virial, relative, 5 * floor, "virial");
        double[] virials = [.. Numbers(root.GetProperty("atomic_stress_bar_A3_lammps_sign_xx_yy_zz_xy_xz_yz")).Select(s => -s / PhysicalConstants.LammpsMetalPressure)];
        virials.Select((_, k) => result.AtomVirials[k / 6 * 9 + Voigt.Lammps[k % 6]]).ToArray().ShouldAgree(virials, 0, floor, "atomic virial");
    }

    private static double[] Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().SelectMany(Numbers)]
            : [element.GetDouble()];

    private sealed class SingleCoordination(DispersionModel model) : DispersionReference(model)
    {
        private readonly double _cutoff = model.Settings.CoordinationCutoff;

        protected override double Coordination(double r, double covalentDistance) =>
            r < _cutoff ? 1f / (1f + MathF.Exp((float)(-16 * (covalentDistance / r - 1)))) : 0;
    }
}
