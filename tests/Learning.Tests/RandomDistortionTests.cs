using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class RandomDistortionTests
{
    [Fact]
    public void The_generator_gives_the_published_sequence()
    {
        // SplitMix64 of seed 0 fills the state with its published first outputs; xoshiro256** then starts so.
        var random = new DeterministicRandom(0);
        random.NextBits().ShouldBe(0x99EC5F36CB75F2B4UL);
        random.NextBits().ShouldBe(0xBF6E1F784956452AUL);
    }

    [Fact]
    public void The_same_seed_gives_bit_identical_copies()
    {
        var start = TestStructures.Mof5Primitive();
        var first = TestStructures.Distorted(start, 42);
        var second = TestStructures.Distorted(start, 42);
        first.Positions.ShouldBe(second.Positions);
        first.Cell!.Rows.ToArray().ShouldBe(second.Cell!.Rows.ToArray());
        TestStructures.Distorted(start, 43).Positions.ShouldNotBe(first.Positions);
    }

    [Fact]
    public void Named_streams_of_a_seed_differ()
    {
        DeterministicRandom.ForStream(1, "run 1").NextBits().ShouldNotBe(DeterministicRandom.ForStream(1, "run 2").NextBits());
        DeterministicRandom.ForStream(1, "run 1").NextBits().ShouldBe(DeterministicRandom.ForStream(1, "run 1").NextBits());
        DeterministicRandom.ForStream(2, "run 1").NextBits().ShouldNotBe(DeterministicRandom.ForStream(1, "run 1").NextBits());
    }

    [Fact]
    public void Displacements_fill_their_range_and_stay_in_it()
    {
        var start = TestStructures.Mof5Primitive();
        var moved = TestStructures.Distorted(start, 7, 0.12, 0);
        double[] moves = [.. moved.Positions.Zip(start.Positions, (a, b) => a - b)];
        moves.Max().ShouldBeInRange(0.11, 0.12);
        moves.Min().ShouldBeInRange(-0.12, -0.11);
        Math.Abs(moves.Average()).ShouldBeLessThan(0.015);
        moved.Cell.ShouldBe(start.Cell);
    }

    [Fact]
    public void Strain_is_symmetric_and_bounded_and_keeps_fractional_coordinates()
    {
        var start = TestStructures.Mof5Primitive();
        var strained = TestStructures.Distorted(start, 7, 0, 0.01);
        double[] factor = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                for (var m = 0; m < 3; m++)
                {
                    factor[3 * i + k] += start.Cell!.Inverse[3 * i + m] * strained.Cell!.Rows[3 * m + k];
                }
            }
        }

        for (var i = 0; i < 3; i++)
        {
            Math.Abs(factor[4 * i] - 1).ShouldBeLessThanOrEqualTo(0.01);
            for (var k = i + 1; k < 3; k++)
            {
                factor[3 * i + k].ShouldBe(factor[3 * k + i], 1e-14);
                Math.Abs(factor[3 * i + k]).ShouldBeInRange(1e-5, 0.005);
            }
        }

        var (a, b, c) = start.Cell!.ToFractional(start.Positions[30], start.Positions[31], start.Positions[32]);
        var (sa, sb, sc) = strained.Cell!.ToFractional(strained.Positions[30], strained.Positions[31], strained.Positions[32]);
        (Math.Abs(a - sa) + Math.Abs(b - sb) + Math.Abs(c - sc)).ShouldBeLessThan(1e-12);
    }

    [Fact]
    public void A_negative_displacement_is_refused() =>
        Should.Throw<MofException>(() => TestStructures.Distorted(TestStructures.Mof5Primitive(), 1, -0.1))
            .Message.ShouldContain("-0.1");
}
