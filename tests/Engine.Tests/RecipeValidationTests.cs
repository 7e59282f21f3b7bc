namespace MofInterop.Engine.Tests;

public sealed class RecipeValidationTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_correct_recipe_has_no_problems_and_every_default()
    {
        var recipe = _scratch.Recipe(Scratch.Toy);
        recipe.Steps.Select(step => step.Name).ShouldBe(["start", "learn"]);
        var resolved = recipe.ResolvedYaml();
        resolved.ShouldContain("displacement: 0.1 angstrom");
        resolved.ShouldContain("method: least-squares");
        _scratch.Recipe(resolved).ResolvedYaml().ShouldBe(resolved);
    }

    [Theory]
    [InlineData("runs: 2", "rusn: 2", "r.yaml:10:5: unknown key 'rusn'; expected one of schedule, runs, method, radii, goal, at_a_time, name, kind, description, uses. Did you mean 'runs'?")]
    [InlineData("seed: 7", "sead: 7", "r.yaml:2:1: unknown key 'sead'; expected one of name, description, seed, steps. Did you mean 'seed'?")]
    [InlineData("length: 0.5 ps", "lenght: 0.5 ps", "r.yaml:14:9: unknown key 'lenght'; expected one of temperature, length. Did you mean 'length'?")]
    [InlineData("temperature: 200 K", "temperature: 200", "r.yaml:13:22: 'schedule[2].temperature': '200' has no unit; expected a temperature in K above 0 K, such as 300 K")]
    [InlineData("length: 0.5 ps", "length: 0.5 angstrom", "r.yaml:14:17: 'schedule[2].length': '0.5 angstrom' is a length, not a simulated time; expected a simulated time in fs, ps, ns above 0 fs, such as 0.5 fs")]
    [InlineData("length: 0.5 ps", "length: 0 ps", "r.yaml:14:17: 'schedule[2].length' is 0 ps; expected a simulated time in fs, ps, ns above 0 fs, such as 0.5 fs")]
    [InlineData("runs: 2", "runs: 2.5", "r.yaml:10:11: 'runs' is '2.5'; expected a whole number at least 1 and at most 100")]
    [InlineData("runs: 2", "runs: 0", "r.yaml:10:11: 'runs' is 0; expected a whole number at least 1 and at most 100")]
    [InlineData("runs: 2", "runs:", "r.yaml:10:10: 'runs' has no value; expected a whole number at least 1 and at most 100")]
    [InlineData("runs: 2", "method: ridge", "r.yaml:10:13: 'method' cannot be 'ridge'; expected one of least-squares, ridge-regression")]
    [InlineData("runs: 2", "radii: {Zn4a: 0.4, O2a: -1}", "r.yaml:10:29: 'radii.O2a' is -1; expected a number above 0")]
    [InlineData("file: numbers.txt", "file: number.txt", "r.yaml:6:11: 'file': there is no file 'number.txt'; expected a file at number.txt. Did you mean 'numbers.txt'?")]
    [InlineData("kind: toy-learn", "kind: toy-lern", "r.yaml:8:11: unknown kind of step 'toy-lern'; expected one of toy-learn, toy-structure. Did you mean 'toy-learn'?")]
    [InlineData("start.structure", "stat.structure", "r.yaml:9:23: there is no step 'stat'; expected one of start. Did you mean 'start'?")]
    [InlineData("start.structure", "start.structur", "r.yaml:9:23: step 'start' (kind toy-structure) has no output 'structur'; expected start.structure. Did you mean 'structure'?")]
    [InlineData("{structure: start.structure}", "{structures: start.structure, structure: start}", "r.yaml:9:12: a step of kind toy-learn takes no input 'structures'; expected one of structure. Did you mean 'structure'?")]
    [InlineData("runs: 2", "name: again", "r.yaml:10:5: 'name' is given twice. The first is on line 7; remove one.")]
    [InlineData("name: learn", "name: start", "r.yaml:7:11: two steps are named 'start'. The first is on line 4; rename one.")]
    [InlineData("name: learn", "name: a/b", "r.yaml:7:11: 'a/b' cannot be the name of a step; expected name: letters, digits, '-' and '_' (it becomes the name of a folder)")]
    [InlineData("seed: 7", "seed: seven", "r.yaml:2:7: 'seed' is not a whole number; expected seed: a whole number from 0 to 2147483647")]
    public void One_mistake_gives_one_message_with_its_place(string correct, string wrong, string message)
    {
        Scratch.Toy.ShouldContain(correct);
        _scratch.Problems(Scratch.Toy.Replace(correct, wrong, StringComparison.Ordinal)).ShouldBe([message]);
    }

    [Fact]
    public void A_missing_parameter_is_described()
    {
        var text = Scratch.Toy.Replace("    file: numbers.txt\n", string.Empty, StringComparison.Ordinal);
        _scratch.Problems(text).ShouldBe(["r.yaml:4:5: 'file' is missing; expected file: the name of a file, relative to the recipe. File with one number a line."]);
    }

    [Fact]
    public void A_missing_input_is_described()
    {
        var text = Scratch.Toy.Replace("    uses: {structure: start.structure}\n", string.Empty, StringComparison.Ordinal);
        _scratch.Problems(text).ShouldBe(["r.yaml:7:5: 'uses' lacks the input 'structure'; expected structure: step.output. The numbers to start from."]);
    }

    [Fact]
    public void Steps_that_use_each_other_in_a_circle_are_named()
    {
        const string Circle = """
            name: circle
            steps:
              - name: a
                kind: echo
                uses: {text: b.text}
              - name: b
                kind: echo
                uses: {text: a.text}
            """;
        var problems = RecipeLoader.Parse(Circle, "r.yaml", new StepCatalog().Add(new EchoStep())).Problems;
        problems.ShouldHaveSingleItem().Message.ShouldStartWith("r.yaml:5:11: steps use each other in a circle: a → b → a");
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_in_the_order_of_the_file()
    {
        var text = Scratch.Toy
            .Replace("seed: 7", "sead: 7", StringComparison.Ordinal)
            .Replace("file: numbers.txt", "file: gone.txt", StringComparison.Ordinal)
            .Replace("runs: 2", "rnus: 2", StringComparison.Ordinal)
            .Replace("200 K", "200 Kelvin", StringComparison.Ordinal);
        _scratch.Problems(text).Select(problem => problem[..problem.IndexOf(": ", StringComparison.Ordinal)])
            .ShouldBe(["r.yaml:2:1", "r.yaml:6:11", "r.yaml:10:5", "r.yaml:13:22"]);
    }

    [Theory]
    [InlineData("name: toy\nsteps:\n\t- name: x", "r.yaml:3:")]
    [InlineData("name: [toy", "r.yaml:2:")]
    [InlineData("", "r.yaml:1:1: the file is empty")]
    [InlineData("just text", "r.yaml:1:1: a recipe is a group of keys")]
    [InlineData("name: toy", "r.yaml:1:1: the recipe has no steps")]
    [InlineData("name: toy\nsteps: *nowhere", "r.yaml:2:8: ")]
    public void Text_that_is_no_recipe_is_refused_with_its_place(string text, string start) =>
        _scratch.Problems(text).ShouldHaveSingleItem().ShouldStartWith(start);

    [Fact]
    public void A_step_finds_what_is_wrong_inside_a_file()
    {
        _scratch.Write("numbers.txt", "1\ntwo\n");
        _scratch.Problems(Scratch.Toy).ShouldBe(["r.yaml:6:11: numbers.txt:2: 'two' is not a number; expected one number a line"]);
    }

    [Fact]
    public void A_step_looks_at_what_an_earlier_step_will_give_it()
    {
        _scratch.Write("numbers.txt", "13\n");
        _scratch.Problems(Scratch.Toy).ShouldBe(["r.yaml:7:5: the method has no parameters for 13; expected other numbers"]);
    }

    [Fact]
    public void An_unreadable_recipe_is_one_clear_error() =>
        Should.Throw<MofInterop.Potentials.Errors.MofException>(() => RecipeLoader.Load(_scratch["absent.yaml"], Scratch.Catalog))
            .Message.ShouldEndWith("absent.yaml: there is no such recipe; expected the path of a recipe (.yaml)");
}

/// <summary>Options of a step without parameters.</summary>
public sealed record NoOptions;

/// <summary>Passes a value on; two of them can be put in a circle.</summary>
public sealed class EchoStep : RecipeStep<NoOptions>
{
    public override string Kind => "echo";

    public override string Summary => "Passes a text on.";

    public override IReadOnlyList<StepInput> Inputs => [new("text", "text", "The text.") { Optional = true }];

    public override IReadOnlyList<StepOutput> Outputs => [new("text", "text", "The same text.")];

    public override Task RunAsync(NoOptions options, StepContext context, CancellationToken cancellation)
    {
        context.SetOutput("text", context.HasInput("text") ? context.Input("text").Value : "start");
        return Task.CompletedTask;
    }
}
