using MofInterop.Execution;
using MofInterop.ExternalProgram;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>Calculators of ASE as the reference.</summary>
public sealed class AseReferenceTests : IDisposable
{
    private const string Faulty = """
        import os, time
        from ase.calculators.lj import LennardJones
        class Faulty(LennardJones):
            def __init__(self, fault, folder, at):
                super().__init__(sigma=2.0, rc=5.0)
                self.fault, self.count, self.at = fault, os.path.join(folder, "calls"), at
            def calculate(self, *arguments, **keywords):
                print("a calculator that prints {")
                open(self.count, "a").write("x")
                super().calculate(*arguments, **keywords)
                if os.path.getsize(self.count) in self.at:
                    if self.fault == "crash":
                        os.abort()
                    if self.fault == "hang":
                        time.sleep(600)
                    if self.fault == "nan":
                        self.results["forces"][0, 0] = float("nan")
                    if self.fault == "raise":
                        raise RuntimeError("no convergence today")
        class NoStress(LennardJones):
            implemented_properties = ["energy", "forces"]
            def get_property(self, name, *arguments, **keywords):
                if name == "stress":
                    from ase.calculators.calculator import PropertyNotImplementedError
                    raise PropertyNotImplementedError("stress")
                return super().get_property(name, *arguments, **keywords)
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("emt", "Cu")]
    [InlineData("lj", "Ar")]
    public async Task Forces_are_the_derivatives_of_the_energy(string name, string symbol)
    {
        await using var reference = Reference(new AseCalculator(name, name == "lj" ? new Dictionary<string, string> { ["sigma"] = "2.3", ["rc"] = "5.0", ["smooth"] = "True" } : new(), null));
        const double step = 1e-4;
        var label = await Label(reference, Crystal(symbol, 0), "at");
        var plus = await Label(reference, Crystal(symbol, step), "plus");
        var minus = await Label(reference, Crystal(symbol, -step), "minus");
        Math.Abs(label.Forces[0]).ShouldBeGreaterThan(1e-2);
        label.Forces[0].ShouldBe(-(plus.Energy - minus.Energy) / (2 * step), 1e-4);
        label.Stress!.Length.ShouldBe(6);
    }

    [Theory]
    [InlineData("crash", true)]
    [InlineData("hang", false)]
    [InlineData("nan", false)]
    [InlineData("raise", false)]
    public async Task A_fault_costs_one_attempt_and_the_next_label_is_right(string fault, bool triedAgain)
    {
        await using var reference = Reference(FaultyCalculator(fault, "[2]"), fault == "hang" ? 8 : 120);
        var first = await Label(reference, Crystal("Ar", 0), "1");
        var second = await reference.LabelAsync(Crystal("Ar", 0.01), Path.Combine(_folder.FullName, "2"));
        second.Succeeded.ShouldBe(triedAgain);
        second.Attempts.Count.ShouldBe(triedAgain ? 2 : 1);
        second.Attempts[0].Problem!.ShouldContain(fault switch { "crash" => "signal 6", "hang" => "time limit of 8 s", "nan" => "not finite", _ => "no convergence today" });
        var third = await Label(reference, Crystal("Ar", 0), "3");
        third.Energy.ShouldBe(first.Energy);
        third.Forces.ShouldBe(first.Forces);
    }

    [Fact]
    public async Task A_configuration_that_crashes_twice_is_a_failure()
    {
        await using var reference = Reference(FaultyCalculator("crash", "[1, 2]"));
        (await reference.LabelAsync(Crystal("Ar", 0), Path.Combine(_folder.FullName, "1"))).Attempts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_stress_is_a_stated_failure()
    {
        await using var reference = Reference(new AseCalculator(Script() + ":NoStress", new Dictionary<string, string>(), null));
        (await reference.LabelAsync(Crystal("Ar", 0), Path.Combine(_folder.FullName, "1"))).Failure!.ShouldContain("gives no stress");
    }

    [Fact]
    public async Task Where_no_worker_can_live_one_process_a_label_gives_the_same()
    {
        await using var living = Reference(new AseCalculator("emt", new Dictionary<string, string>(), null));
        await using var single = new AseReference(new AseCalculator("emt", new Dictionary<string, string>(), null), new WithoutSessions(), TimeSpan.FromMinutes(2), 1, _folder.FullName);
        var one = await Label(living, Crystal("Cu", 0), "1");
        var other = await Label(single, Crystal("Cu", 0), "2");
        other.Energy.ShouldBe(one.Energy);
        other.Forces.ShouldBe(one.Forces);
        other.Stress.ShouldBe(one.Stress);
    }

    [Theory]
    [InlineData("nothing_of_this_name", null, null, "calculator", "nothing_of_this_name")]
    [InlineData("lj", "epsilom", null, "arguments", "epsilom")]
    [InlineData("emt", null, "/no/python", "python", "/no/python")]
    public async Task What_is_wrong_is_known_before_a_label(string name, string? argument, string? python, string parameter, string said)
    {
        var arguments = argument is null ? new Dictionary<string, string>() : new() { [argument] = "1" };
        var trial = await new AseCalculator(name, arguments, python).TryAsync(new ToolRunner());
        trial.Parameter.ShouldBe(parameter, trial.Problem);
        trial.Problem!.ShouldContain(said);
    }

    private AseReference Reference(AseCalculator calculator, double seconds = 120) =>
        new(calculator, new ToolRunner(), TimeSpan.FromSeconds(seconds), 1, Path.Combine(_folder.FullName, "worker"));

    private AseCalculator FaultyCalculator(string fault, string at) =>
        new(Script() + ":Faulty", new Dictionary<string, string> { ["fault"] = fault, ["folder"] = _folder.FullName, ["at"] = at }, null);

    private string Script()
    {
        var script = Path.Combine(_folder.FullName, "faulty.py");
        File.WriteAllText(script, Faulty);
        return script;
    }

    private async Task<ReferenceLabel> Label(AseReference reference, AtomicConfiguration configuration, string name)
    {
        var outcome = await reference.LabelAsync(configuration, Path.Combine(_folder.FullName, name));
        outcome.Failure.ShouldBeNull();
        return outcome.Label!;
    }

    private static AtomicConfiguration Crystal(string symbol, double shift) =>
        new([symbol, symbol, symbol, symbol], [0.1 + shift, 0, 0, 1.8, 1.85, 0, 1.8, 0, 1.75, 0, 1.8, 1.8], new Cell([3.6, 0, 0, 0, 3.6, 0, 0, 0, 3.6]), true);

    private sealed class WithoutSessions : IToolRunner
    {
        private readonly ToolRunner _inner = new();

        public CoreBudget Cores => _inner.Cores;

        public bool HasSessions => false;

        public Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onOutputLine = null, CancellationToken cancellation = default) => _inner.RunAsync(command, onOutputLine, cancellation);

        public IToolSession Start(ToolCommand command) => throw new NotSupportedException();
    }
}
