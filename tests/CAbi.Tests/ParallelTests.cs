using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>Not while other tests run: they measure the memory of the process.</summary>
[CollectionDefinition(nameof(ParallelTests), DisableParallelization = true)]
public sealed class ParallelTestCollection;

/// <summary>Computations by several threads, from inside. The helpers are the process's: no other tests use them.</summary>
[Collection(nameof(ParallelTests))]
public sealed unsafe class ParallelTests : IDisposable
{
    private readonly Crystal _crystal = new(4);
    private readonly NeighborList _list;
    private readonly Workspace _workspace = new();

    public ParallelTests() => _list = _crystal.BuildNeighbors(6);

    public static TheoryData<int, int> Cuts
    {
        get
        {
            var cuts = new TheoryData<int, int>();
            foreach (var threads in (int[])[2, 3, 8, 64, 1024])
            {
                foreach (var centers in (int[])[32, 33, 47, 424, 3392, 1_000_003])
                {
                    if (ShareSizes.Threads(threads, centers) > 1)
                    {
                        cuts.Add(centers, ShareSizes.Threads(threads, centers));
                    }
                }
            }

            return cuts;
        }
    }

    public void Dispose()
    {
        _list.Dispose();
        _workspace.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Shares_are_of_whole_groups_and_ever_smaller(int centers, int threads)
    {
        var sizes = new List<int>();
        ShareSizes.Cut(centers, threads, 0, sizes);
        sizes.Sum().ShouldBe(centers);
        sizes.ShouldBe(sizes.OrderDescending());
        sizes.SkipLast(1).ShouldAllBe(size => size >= 16 && size % 8 == 0);
        sizes.Count.ShouldBeInRange(threads, 6 * threads);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Shares_of_one_size_are_no_smaller_than_they_should_be_unless_a_thread_would_have_none(int centers, int threads)
    {
        var sizes = new List<int>();
        ShareSizes.Cut(centers, threads, 512, sizes);
        sizes.Sum().ShouldBe(centers);
        sizes.Count.ShouldBe(threads * Math.Max(1, centers / (512 * threads)));
        sizes.SkipLast(1).ShouldAllBe(size => size >= 16 && size % 8 == 0);
        (sizes.Max() - sizes.Min()).ShouldBeLessThan(16);
        sizes[^1].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Few_atoms_are_not_worth_a_thread()
    {
        ShareSizes.Threads(2, 31).ShouldBe(1);
        ShareSizes.Threads(2, 32).ShouldBe(2);
        ShareSizes.Threads(1, 1000).ShouldBe(1);
        ShareSizes.Threads(1024, 0).ShouldBe(1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(32)]
    public void Every_result_is_that_of_one_thread_but_for_rounding(int threads)
    {
        var (one, many) = (Compute(new Springs(), 1), Compute(new Springs(), threads));
        for (var k = 0; k < one.Length; k++)
        {
            many[k].ShouldBe(one[k], 1e-10 * Math.Max(1, Math.Abs(one[k])));
        }
    }

    [Fact]
    public void The_bits_are_the_same_whether_helpers_come_or_not()
    {
        var expected = Compute(new Springs(), 2);
        for (var n = 0; n < 50; n++)
        {
            Compute(new Springs(), 2).ShouldBe(expected);
        }

        WithoutHelpers(() =>
        {
            var alone = new Springs();
            Compute(alone, 2).ShouldBe(expected);
            alone.Threads.ShouldBe(1, "helpers of another computation came");
        });
        Compute(new Springs(), 2).ShouldBe(expected);
    }

    [SkippableFact]
    public void Helpers_come_again_after_they_have_slept()
    {
        Skip.If(Environment.ProcessorCount == 1, "one core");
        var potential = new Springs { Before = _ => Thread.Sleep(1) };
        for (var n = 0; n < 5; n++)
        {
            potential.Forget();
            Compute(potential, 2);
            potential.Threads.ShouldBe(2);
            Thread.Sleep(5);
        }
    }

    [Fact]
    public void Once_warm_a_step_allocates_nothing()
    {
        var potential = new Springs();
        var entry = new PotentialEntry(potential) { Threads = 2 };
        var view = _list.View(_crystal.Species);
        using var memory = new ResultMemory();
        var buffers = memory.Clear(Everything, view.AtomCount);
        for (var n = 0; n < 20; n++)
        {
            ParallelEvaluation.Compute(entry, _workspace, view, buffers, null, listsAreChecked: false);
        }

        potential.Forget();
        for (var n = 0; n < 200; n++)
        {
            ParallelEvaluation.Compute(entry, _workspace, view, buffers, null, listsAreChecked: false);
        }

        potential.Allocated.ShouldBe(0);
    }

    [Fact]
    public void A_list_that_names_no_atom_is_refused_in_the_words_of_one_thread_and_results_stay()
    {
        var view = _list.View(_crystal.Species);
        int* list = view.Neighbors[300], later = view.Neighbors[400];
        var (kept, keptLater) = (list[1], later[0]);
        (list[1], later[0]) = (view.AtomCount, -1);
        var texts = new List<string>();
        foreach (var threads in (int[])[1, 2, 5])
        {
            using var memory = new ResultMemory();
            var buffers = memory.Clear(Everything, view.AtomCount);
            var entry = new PotentialEntry(new Springs()) { Threads = threads };
            texts.Add(Should.Throw<MofException>(() => ParallelEvaluation.Compute(entry, _workspace, view, buffers, null, listsAreChecked: false)).Message);
            buffers.Energy[0].ShouldBe(0);
            new Span<double>(buffers.Forces, 3 * view.AtomCount).IndexOfAnyExcept(0.0).ShouldBe(-1);
        }

        (list[1], later[0]) = (kept, keptLater);
        texts.ShouldAllBe(text => text == texts[0]);
        texts[0].ShouldContain("a neighbor of atom 300 (counted from 0) is not an atom");
    }

    [Fact]
    public void Of_several_faults_that_of_the_first_share_is_told()
    {
        var view = _list.View(_crystal.Species);
        view.Positions[3 * 10] = view.Positions[3 * 500] = double.NaN;
        using var memory = new ResultMemory();
        var buffers = memory.Clear(Everything, view.AtomCount);
        for (var n = 0; n < 20; n++)
        {
            var outcome = ParallelEvaluation.Compute(new PotentialEntry(new Springs()) { Threads = 2 }, _workspace, view, buffers, null, listsAreChecked: true);
            outcome.ShouldBe(new EvaluationOutcome(EvaluationStatus.PositionNotFinite, 10));
        }

        buffers.Energy[0].ShouldBe(0);
    }

    [SkippableFact]
    public void A_forked_process_computes_alone()
    {
        Skip.IfNot(File.Exists(NativePotential.BaselinePath), $"{NativePotential.BaselinePath} is absent: run ./build.sh Build");
        using var model = new TestModel();
        var program = model.PathOf("forks");
        NativeProgram.Compile(
            "gcc", "-std=gnu99", $"-I{Path.Combine(Repository.Root, "PairStyleNative", "include")}", Path.Combine(AppContext.BaseDirectory, "forks.c"),
            "-o", program, $"-L{NativePotential.Folder}", "-lmofpotential", $"-Wl,-rpath,{NativePotential.Folder}");
        var (status, output, error) = NativeProgram.Run(program, model.CoefficientPath, model.ParameterPath);
        status.ShouldBe(0, error);
        output.Trim().ShouldBe("0", "the child's status");
    }

    private static EvaluationBuffers Everything
    {
        get
        {
            var any = (double*)1;
            return new EvaluationBuffers { Energy = any, Forces = any, Virial = any, AtomEnergies = any, AtomVirials = any, Grades = any };
        }
    }

    // All results, one after the other.
    private double[] Compute(Springs potential, int threads)
    {
        using var workspace = new Workspace();
        using var memory = new ResultMemory();
        var view = _list.View(_crystal.Species);
        var buffers = memory.Clear(Everything, view.AtomCount);
        var entry = new PotentialEntry(potential) { Threads = threads };
        // Twice, so that memory is used again.
        for (var n = 0; n < 2; n++)
        {
            ParallelEvaluation.Compute(entry, workspace, view, buffers, null, listsAreChecked: false).Status.ShouldBe(EvaluationStatus.Success);
        }

        var atoms = view.AtomCount;
        return
        [
            *buffers.Energy, .. new Span<double>(buffers.Virial, 9), .. new Span<double>(buffers.Forces, 3 * atoms), .. new Span<double>(buffers.AtomEnergies, atoms),
            .. new Span<double>(buffers.AtomVirials, 9 * atoms), .. new Span<double>(buffers.Grades, atoms),
        ];
    }

    // While another computation has all of them and stands still.
    private void WithoutHelpers(Action action)
    {
        using var standing = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        var all = Environment.ProcessorCount;
        var potential = new Springs
        {
            Before = _ =>
            {
                standing.Release();
                go.Wait();
            },
        };
        var other = new Thread(() => Compute(potential, all));
        other.Start();
        for (var thread = 0; thread < Math.Min(all, _crystal.Count / 16); thread++)
        {
            standing.Wait();
        }

        try
        {
            action();
        }
        finally
        {
            go.Set();
            other.Join();
        }
    }
}
