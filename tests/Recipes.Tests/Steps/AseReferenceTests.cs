using MofInterop.Execution;
using MofInterop.ExternalProgram;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>Calculators of ASE as the reference.</summary>
public sealed class AseReferenceTests : IDisposable
{
    private const string Faulty = """
        import os, subprocess, time
        from ase.calculators.lj import LennardJones
        class Faulty(LennardJones):
            def __init__(self, fault, folder, at):
                super().__init__(sigma=2.0, rc=5.0)
                self.fault, self.count, self.at = fault, os.path.join(folder, "calls"), at
            def calculate(self, *arguments, **keywords):
                print("a calculator that prints {")
                open(self.count, "a").write("x")
                if self.fault == "child":
                    subprocess.run(["cat"], check=True, timeout=20)
                super().calculate(*arguments, **keywords)
                if os.path.getsize(self.count) in self.at:
                    if self.fault == "crash":
                        os.abort()
                    if self.fault == "types":
                        open(self.count + ".types", "w").write(" ".join(arguments[0].arrays["mof_types"]))
                    if self.fault == "move":
                        arguments[0].positions[0, 0] += 0.1
                    if self.fault == "hang":
                        time.sleep(600)
                    if self.fault == "nan":
                        self.results["forces"][0, 0] = float("nan")
                    if self.fault == "raise":
                        raise RuntimeError("no convergence today")
        class FromFile(LennardJones):
            def __init__(self, model):
                super().__init__(sigma=float(open(model).read()), rc=5.0)
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
    public async Task A_calculator_without_stress_gives_a_label_without_it()
    {
        await using var reference = Reference(new AseCalculator(Script() + ":NoStress", new Dictionary<string, string>(), null));
        var label = await Label(reference, Crystal("Ar", 0), "1");
        label.Stress.ShouldBeNull();
        label.Forces.Length.ShouldBe(12);
    }

    [Fact]
    public async Task A_calculator_that_moves_the_atoms_is_not_believed()
    {
        await using var reference = Reference(FaultyCalculator("move", "[1]"));
        (await reference.LabelAsync(Crystal("Ar", 0), Path.Combine(_folder.FullName, "1"))).Failure!.ShouldContain("moved the atoms");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_that_cannot_be_started_is_an_error_and_no_failed_label(bool living)
    {
        var calculator = FaultyCalculator("none", "[]");
        await using var reference = new AseReference(calculator, living ? new ToolRunner() : new WithoutSessions(), TimeSpan.FromMinutes(2), 1, Path.Combine(_folder.FullName, "worker"));
        await Label(reference, Crystal("Ar", 0), "1");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "faulty.py"), "raise ImportError('a library went away')");
        await reference.DisposeAsync();
        var error = await Should.ThrowAsync<MofException>(() => reference.LabelAsync(Crystal("Ar", 0.01), Path.Combine(_folder.FullName, "2")));
        error.Message.ShouldContain("the calculator's worker cannot be started");
        error.Message.ShouldContain("a library went away");
    }

    [Fact]
    public async Task What_a_calculator_starts_does_not_read_the_requests()
    {
        await using var reference = Reference(FaultyCalculator("child", "[1, 2, 3]"));
        foreach (var name in new[] { "1", "2", "3" })
        {
            await Label(reference, Crystal("Ar", 0), name);
        }
    }

    [Fact]
    public async Task Types_of_atoms_reach_the_calculator_under_the_name_that_MofCalculator_reads()
    {
        await using var reference = Reference(FaultyCalculator("types", "[1]"));
        await Label(reference, Crystal("Ar", 0).With(["Ar1", "Ar2", "Ar2", "Ar1"]), "1");
        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "calls.types"))).ShouldBe("Ar1 Ar2 Ar2 Ar1");
    }

    [Fact]
    public async Task A_file_argument_comes_as_its_path_and_its_contents_are_part_of_the_description()
    {
        var file = Path.Combine(_folder.FullName, "model.txt");
        await File.WriteAllTextAsync(file, "2.5");
        AseCalculator With(string hash) => new("FromFile", new Dictionary<string, string>(), null)
        {
            Script = new AseFile(Script(), "0123456789abcdef0123"),
            Files = new Dictionary<string, AseFile> { ["model"] = new AseFile(file, hash) },
        };
        await using var reference = Reference(With("aaaa"));
        await Label(reference, Crystal("Ar", 0), "1");
        reference.Description.ShouldBe("ASE FromFile(model=model.txt [aaaa]) of faulty.py [0123456789abcdef]");
        With("bbbb").Description.ShouldNotBe(reference.Description);
    }

    [SkippableFact]
    public async Task MofCalculator_is_found_without_being_installed()
    {
        Skip.If(Installation.Find("python") is null, "artifacts/python is absent: run ./build.sh Build, set MOFINTEROP_ARTIFACTS");
        var trial = await new AseCalculator("mofinterop:MofCalculator", new Dictionary<string, string> { ["model"] = "/nowhere.mof.yaml" }, null).TryAsync(new ToolRunner());
        trial.Parameter.ShouldBe("arguments", trial.Problem);
        trial.Problem!.ShouldContain("/nowhere.mof.yaml");
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
