using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.NequIP;
using MofInterop.Potentials.Tests.Snap;

namespace MofInterop.Potentials.Tests.Neural;

public sealed class NequipTests
{
    public static TheoryData<string, string, int> InDouble()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var lanes in (int[])[8, 4, 2])
        {
            foreach (var (name, structure) in ((string, string)[])[("zif4", "fragment small_cell dimer_ZnN"), ("toluene", "own own_rattled small_cell dimer_CH")])
            {
                data.Add(name, structure, lanes);
            }
        }

        data.Add("zif4", "own own_rattled own_strained_rattled", 8);
        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(InDouble))]
    public void Energies_forces_and_virials_in_double_precision_are_those_of_libtorch(string name, string structures, int lanes)
    {
        var data = NequipData.Find(name);
        using var potential = new NequipPotential(data.Model, lanes, NetworkPrecision.Double);
        foreach (var expected in structures.Split(' ').Select(data.Structure))
        {
            expected.ShouldBeWhat(Evaluation.Of(potential, expected.Positions, expected.Types, expected.Cell), 1e-9, 1e-8, 1e-6);
        }
    }

    [SkippableTheory]
    [InlineData("own own_rattled small_cell dimer_ZnN", 8)]
    [InlineData("own_rattled fragment", 4)]
    [InlineData("fragment small_cell", 2)]
    public void In_single_precision_they_are_off_by_its_rounding(string structures, int lanes)
    {
        var data = NequipData.Find("zif4");
        using var potential = new NequipPotential(data.Model, lanes, NetworkPrecision.AsTrained);
        potential.IsSingle.ShouldBeTrue();
        foreach (var expected in structures.Split(' ').Select(data.Structure))
        {
            expected.ShouldBeWhat(Evaluation.Of(potential, expected.Positions, expected.Types, expected.Cell), 2e-5, 2e-4, 1e-2);
        }
    }
}
