using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;
using MofInterop.Potentials.Snap.Cubic;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class CubicFormTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(10)]
    public void Every_component_is_listed_once_with_its_own_three_layers(int twoJMax)
    {
        var components = SnapIndices.Components(twoJMax);
        var triples = ProductChoice.Find(twoJMax);
        triples.Length.ShouldBe(components.Length);
        for (var k = 0; k < triples.Length; k++)
        {
            int[] layers = [triples[k].X, triples[k].Y, triples[k].Z];
            layers.Order().ShouldBe([components[k].J2, components[k].J1, components[k].J]);
            triples[k].X.ShouldBeGreaterThanOrEqualTo(triples[k].Y);
        }
    }

    [Fact]
    public void The_choice_of_products_is_the_same_every_time() => ProductChoice.Find(8).ShouldBe(ProductChoice.Find(8));

    [Fact]
    public void The_choice_of_products_saves_a_quarter_of_what_one_receiver_for_all_takes()
    {
        // 149,508 with the smallest layer as z, 199,156 with the largest, the blocks of M = (0,0) like all others.
        var operations = new CubicForm(8, false).Blocks.Sum(block => (long)block.Elements.Count * (block.Central ? 6 + 2 * block.Width : 12 + 4 * block.Width));
        operations.ShouldBeInRange(90_000, 112_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Y_is_the_gradient_of_what_the_invariants_add_up_to(int twoJMax)
    {
        using var plan = new SnapPlan(RandomSystem.Model(twoJMax, 1, 3), 2 * sizeof(double)).PrepareForces();
        using var planes = new Planes<Lanes128>(plan, 4);
        var gradient = planes.Run<GradientAndInvariants>();
        foreach (var place in Enumerable.Range(0, 2 * plan.HalfCount).Where(n => n % 7 == 0 || n < 12))
        {
            // Elements beyond the proper half plane are mirror images, and the central one is real.
            if (!IsFree(plan, place))
            {
                continue;
            }

            const double Step = 1e-4;
            var difference = (planes.EnergyMoved(place, Step) - planes.EnergyMoved(place, -Step)) / (2 * Step);
            gradient.Linear[place].ShouldBe(difference, 1e-6 * (1 + Math.Abs(difference)));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void All_ways_to_run_the_kernels_agree_whatever_the_processor(int twoJMax)
    {
        Compare<Lanes128>(twoJMax);
        Compare<Lanes256>(twoJMax);
        Compare<Lanes512>(twoJMax);
    }

    private static unsafe bool IsFree(SnapPlan plan, int place)
    {
        for (var e = 0; e < plan.ElementCount; e++)
        {
            var element = plan.Elements[e];
            if (element.Half == place / 2)
            {
                return place % 2 == 0 || element.Mirror != element.Full;
            }
        }

        return false;
    }

    private static void Compare<T>(int twoJMax)
        where T : unmanaged, ILanes<T>
    {
        using var plan = new SnapPlan(RandomSystem.Model(twoJMax, 1, 5), T.Count * sizeof(double)).PrepareForces();
        using var planes = new Planes<T>(plan, 6);
        var expected = planes.Run<GradientAndInvariants>();
        var scale = expected.Linear.Max(Math.Abs);
        planes.Run<GradientOnly>().Linear.ShouldAgree(expected.Linear, 1e-12, 1e-13 * scale, "Y");
        planes.Run<GradientByAdditions>().Linear.ShouldAgree(expected.Linear, 1e-12, 1e-12 * scale, "Y by additions");
        var both = planes.Run<GradientAndInvariantsByAdditions>();
        both.Linear.ShouldAgree(expected.Linear, 1e-12, 1e-12 * scale, "Y by additions, with invariants");
        var largest = expected.Invariants.Max(Math.Abs);
        both.Invariants.ShouldAgree(expected.Invariants, 1e-12, 1e-12 * largest, "invariants by additions");
        planes.Run<InvariantsOnly>().Invariants.ShouldAgree(expected.Invariants, 1e-12, 1e-12 * largest, "invariants alone");
    }

    /// <summary>W at random, obeying its mirror symmetry, and weights at random; the first lane is looked at.</summary>
    private sealed unsafe class Planes<T> : IDisposable
        where T : unmanaged, ILanes<T>
    {
        private readonly SnapPlan _plan;
        private readonly NativeArray<double> _memory = new();
        private readonly double[] _half;
        private readonly double[] _beta;

        public Planes(SnapPlan plan, int seed)
        {
            _plan = plan;
            var random = new Random(seed);
            _half = [.. Enumerable.Range(0, 2 * plan.HalfCount).Select(_ => random.NextDouble() - 0.5)];
            _beta = [.. Enumerable.Range(0, plan.WeightCount).Select(_ => random.NextDouble() - 0.5)];
            _memory.Reserve((long)T.Count * (4 * plan.FullCount + 2 * plan.WeightCount + 2 * plan.FullCount + 2 * plan.HalfCount));
        }

        private T* All => (T*)_memory.Pointer;

        private T* Weights => All + 4 * _plan.FullCount;

        private T* Invariants => Weights + _plan.WeightCount;

        private T* Adjoint => Invariants + _plan.WeightCount;

        private T* Linear => Adjoint + 2 * _plan.FullCount;

        public (double[] Linear, double[] Invariants) Run<TMode>()
            where TMode : struct, ICubicMode => Run<TMode>(_half);

        public double EnergyMoved(int place, double step)
        {
            var half = (double[])_half.Clone();
            half[place] += step;
            // ½E is a sum over half planes: the whole is twice that.
            return 2 * Run<InvariantsOnly>(half).Invariants.Zip(_beta, (b, weight) => b * weight).Sum();
        }

        public void Dispose() => _memory.Dispose();

        private (double[] Linear, double[] Invariants) Run<TMode>(double[] half)
            where TMode : struct, ICubicMode
        {
            for (var e = 0; e < _plan.ElementCount; e++)
            {
                var element = _plan.Elements[e];
                var central = element.Mirror == element.Full;
                DensityPass.SpreadOne<T, double>(element, T.Broadcast(half[2 * element.Half]), central ? T.Zero : T.Broadcast(half[2 * element.Half + 1]), All);
            }

            for (var k = 0; k < _beta.Length; k++)
            {
                Weights[k] = T.Broadcast(_beta[k]);
                Invariants[k] = T.Zero;
            }

            new Span<double>(Linear, 2 * _plan.HalfCount * T.Count).Clear();
            CubicPass.Run<T, double, TMode>(_plan.Blocks!, All, Weights, Invariants);
            AdjointPass.Fold<T, double>(_plan, All, Adjoint, Linear);
            return (First(Linear, 2 * _plan.HalfCount), First(Invariants, _beta.Length));
        }

        private static double[] First(T* vectors, int count) => [.. Enumerable.Range(0, count).Select(k => ((double*)(vectors + k))[0])];
    }
}
