using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Potentials.Sums;
using MofInterop.Potentials.Tests.Snap;
using MofInterop.Potentials.Zbl;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Sums;

public sealed class SumTests
{
    [SkippableFact]
    public void SNAP_and_ZBL_together_agree_with_their_overlay_in_LAMMPS()
    {
        var data = LammpsCase.Load("Ta06A_zbl_overlay");
        using var sum = SumPotential.Of([new SnapPotential(data.Model), new ZblPotential(ZblModel.BetweenAll([new("Ta", 73, 180.95)], 4.0, 4.8))]);
        sum.Cutoff.ShouldBe(4.8);
        sum.Species.ShouldBe([new Species("Ta", 73, 180.95)]);
        var result = Evaluation.Of(sum, data.Positions, data.Types, data.Cell);
        result.Energy.ShouldBe(data.Energy, 1e-12 * Math.Abs(data.Energy));
        result.Forces.ShouldAgree(data.Forces, 1e-11, 1e-11, "force");
        result.AtomEnergies.ShouldAgree(data.AtomEnergies, 1e-12, 1e-12, "atomic energy");
        result.Virial.ShouldAgree(data.Virial, 1e-9, 1e-9, "virial");
    }

    [Theory]
    [InlineData("A0 A1 A2")]
    [InlineData("A2 A0 A1")]
    public void Species_are_matched_by_label_and_parts_act_on_those_that_they_know(string order)
    {
        string[] labels = order.Split(' ');
        Species[] species = [.. labels.Select(label => new Species(label, 0, 0))];
        using var both = new SnapPotential(RandomSystem.Model(4, 2, 5));
        using var repulsion = Repulsion();
        using var sum = SumPotential.Of([new SnapPotential(RandomSystem.Model(4, 2, 5)), Repulsion()], species);
        sum.Species.Select(s => (s.Label, s.AtomicNumber)).ShouldBe(labels.Select(label => (label, label switch { "A1" => 8, "A2" => 30, _ => 0 })));
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(9, cell, 1.2, 8);
        int[] kinds = RandomSystem.Types(9, 3);
        var found = Evaluation.Of(sum, positions, [.. kinds.Select(kind => Array.IndexOf(labels, $"A{kind}"))], cell);
        var snap = OfSome(both, positions, kinds, [0, 1], cell);
        var zbl = OfSome(repulsion, positions, kinds, [2, 1], cell);
        found.Energy.ShouldBe(snap.Energy + zbl.Energy, 1e-11);
        zbl.Energy.ShouldBeGreaterThan(0.01);
        for (var k = 0; k < positions.Length; k++)
        {
            found.Forces[k].ShouldBe(snap.Forces[k] + zbl.Forces[k], 1e-11);
        }

        for (var m = 0; m < 9; m++)
        {
            found.Virial[m].ShouldBe(snap.Virial[m] + zbl.Virial[m], 1e-10);
        }
    }

    [Fact]
    public void A_hosts_types_may_be_any_numbers_and_nobodys()
    {
        Species[] species = [new("A2", 0, 0), new("A0", 0, 0), new("A1", 0, 0)];
        using var sum = SumPotential.Of([new SnapPotential(RandomSystem.Model(4, 2, 5)), Repulsion()], species);
        var cell = RandomSystem.SkewedCell(6);
        var positions = RandomSystem.Positions(9, cell, 1.2, 8);
        int[] kinds = RandomSystem.Types(9, 3);
        var plain = Evaluation.Of(sum, positions, kinds, cell);

        // Types 1, 700 and 702 for the species 2, 0 and 1, 3 for nobody.
        int[] hostTypes = [700, 702, 1];
        int[] speciesOfType = [.. Enumerable.Repeat(-1, 703)];
        (speciesOfType[1], speciesOfType[700], speciesOfType[702]) = (2, 0, 1);
        double[] more = [.. positions, .. cell.Rows.ToArray()[..3].Select(x => 0.5 * x)];
        int[] types = [.. kinds.Select(kind => hostTypes[kind]), 3];
        var mapped = Mapped(sum, more, types, speciesOfType, cell);
        mapped.Outcome.Status.ShouldBe(EvaluationStatus.Success);
        mapped.Energy.ShouldBe(plain.Energy, 1e-11);
        mapped.Forces[..positions.Length].ShouldAgree(plain.Forces, 0, 1e-11, "force");

        speciesOfType[3] = 7;
        Mapped(sum, more, types, speciesOfType, cell).Outcome.Status.ShouldBe(EvaluationStatus.UnknownSpecies);
    }

    [Fact]
    public void Grades_and_precision_are_those_of_the_parts_that_have_them()
    {
        var model = RandomSystem.Model(2, 2, 5);
        var count = model.BispectrumCount;
        var factor = new double[SnapGrades.FactorLength(count)];
        factor[0] = 0.5;
        var graded = new SnapModel(model.Parameters, model.Species) { Grades = new SnapGrades(count, [factor, factor]) };
        using var sum = SumPotential.Of([Repulsion(), new SnapPotential(graded)]);
        sum.HasGrades.ShouldBeTrue();
        sum.Species.Select(s => s.Label).ShouldBe(["A2", "A1", "A0"]);
        var cell = RandomSystem.SkewedCell(6);
        var result = Evaluation.Of(sum, RandomSystem.Positions(4, cell, 1.2, 8), [0, 1, 2, 2], cell);
        result.Grades.ShouldBe([0, 0.25, 0.25, 0.25]);
        sum.MixedPrecision = true;
        ((IMixedPrecision)sum.Parts[1]).MixedPrecision.ShouldBeTrue();
        sum.MixedPrecision.ShouldBeTrue();
        using var without = SumPotential.Of([Repulsion()]);
        without.HasGrades.ShouldBeFalse();
        without.MixedPrecision = false;
        Should.Throw<MofException>(() => without.MixedPrecision = true).Kind.ShouldBe(ErrorKind.Unsupported);
    }

    [Fact]
    public void A_staged_part_makes_a_staged_sum()
    {
        using var plain = SumPotential.Of([Repulsion()]);
        (plain is IStagedPotential).ShouldBeFalse();
        using var sum = SumPotential.Of([Repulsion(), new CountingPotential()], [new("A2", 0, 0), new("A1", 0, 0)]);
        var staged = sum.ShouldBeAssignableTo<IStagedPotential>()!;
        (staged.StageCount, staged.ValueWidth).ShouldBe((2, 1));
        double[] positions = [0, 0, 0, 1.2, 0, 0, 0, 1.3, 0];
        var repulsion = Evaluation.Of(plain, positions, [0, 1, 1], null).Energy;
        Evaluation.Of(Staged(staged), staged.Cutoff, positions, [0, 1, 1], null).Energy.ShouldBe(repulsion + 2, 1e-12);
        Evaluation.Of(sum, positions, [0, 1, 1], null).Energy.ShouldBe(repulsion + 2, 1e-12);

        using var both = SumPotential.Of([new CountingPotential(), Repulsion(), new CountingPotential()], [new("A2", 0, 0), new("A1", 0, 0)]);
        staged = both.ShouldBeAssignableTo<IStagedPotential>()!;
        (staged.StageCount, staged.ValueWidth, staged.ExchangedAfter(0), staged.ExchangedAfter(1), staged.ExchangedAfter(2)).ShouldBe((4, 2, new GhostBlock(0, 1), new GhostBlock(0, 0), new GhostBlock(1, 1)));
        Evaluation.Of(Staged(staged), staged.Cutoff, positions, [0, 1, 1], null).Energy.ShouldBe(repulsion + 4, 1e-12);
    }

    [Fact]
    public void Species_that_do_not_fit_are_refused()
    {
        string Refusal(Action action)
        {
            var error = Should.Throw<MofException>(action);
            error.Kind.ShouldBe(ErrorKind.InvalidArgument);
            return error.Message;
        }

        using var one = Repulsion();
        using var other = new ZblPotential(ZblModel.BetweenAll([new("A1", 7, 0)], 1, 2));
        Refusal(() => SumPotential.Of([])).ShouldContain("no parts");
        Refusal(() => SumPotential.Of([one, other])).ShouldContain("different atomic numbers for the species A1: 8, 7");
        Refusal(() => SumPotential.Of([one], [new("A2", 0, 0)])).ShouldContain("knows the species A1");
        Refusal(() => SumPotential.Of([one], [new("A1", 0, 0), new("A2", 0, 0), new("H", 1, 1)])).ShouldContain("no part of the sum knows the species H");
        Refusal(() => SumPotential.Of([one], [new("A1", 0, 0), new("A2", 0, 0), new("A1", 0, 0)])).ShouldContain("twice");
        Refusal(() => SumPotential.Of([one], [new("A1", 9, 0), new("A2", 0, 0)])).ShouldContain("different atomic numbers");
    }

    private static ZblPotential Repulsion() => new(new ZblModel([new("A2", 30, 0), new("A1", 8, 0)], [new(0, 1, 1.5, 3.0), new(1, 1, 1.0, 2.5)]));

    private static Evaluation OfSome(IPotential potential, double[] positions, int[] kinds, int[] kindOfSpecies, Cell cell)
    {
        int[] speciesOfKind = [.. Enumerable.Range(0, 3).Select(kind => Array.IndexOf(kindOfSpecies, kind))];
        return Mapped(potential, positions, kinds, speciesOfKind, cell);
    }

    private static unsafe Evaluation Mapped(IPotential potential, double[] positions, int[] types, int[] speciesOfType, Cell cell)
    {
        EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
        {
            fixed (int* map = speciesOfType)
            {
                return potential.Compute(atoms with { SpeciesOfType = map }, buffers);
            }
        }

        return Evaluation.Of(Compute, potential.Cutoff, positions, types, cell);
    }

    private static unsafe Computation Staged(IStagedPotential potential)
    {
        EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
        {
            var values = stackalloc double[atoms.AtomCount * potential.ValueWidth];
            return StagedEvaluation.Run(potential, atoms, buffers, values, null);
        }

        return Compute;
    }

    /// <summary>Its first stage counts the neighbours of every A1, its second adds the neighbours' counts of an atom to the energy.</summary>
    private sealed unsafe class CountingPotential : IStagedPotential
    {
        public string Kind => "counting";

        public IReadOnlyList<Species> Species { get; } = [new("A1", 8, 0)];

        public double Cutoff => 3;

        public int StageCount => 2;

        public int ValueWidth => 1;

        public double PairCutoff(int first, int second) => 3;

        public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
        {
            var values = stackalloc double[atoms.AtomCount];
            return StagedEvaluation.Run(this, atoms, buffers, values, null);
        }

        public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
        {
            for (var i = 0; i < atoms.CenterCount; i++)
            {
                for (var n = 0; n < atoms.NeighborCounts[i]; n++)
                {
                    var j = atoms.Neighbors[i][n];
                    if (atoms.SpeciesOfType[atoms.Types[i]] == 0 && atoms.SpeciesOfType[atoms.Types[j]] == 0)
                    {
                        values[i] += stage == 0 ? 1 : 0;
                        *buffers.Energy += stage == 1 ? values[j] : 0;
                    }
                }
            }

            return EvaluationOutcome.Success;
        }

        public void Dispose()
        {
        }
    }
}
