using System.Globalization;
using MofInterop.Engine;
using MofInterop.EngineHost;
using MofInterop.Potentials.Errors;

// Runs a toy recipe: EngineHost <recipe> <folder> [<n>: kill -9 this process at the n-th file operation].
var catalog = new StepCatalog().Add(new ToyStructureStep()).Add(new ToyLearnStep());
if (args.Length > 2)
{
    Interruption.After(int.Parse(args[2], CultureInfo.InvariantCulture));
}

DurableFiles.BeforeEachOperation = Interruption.Point;
try
{
    var recipe = RecipeLoader.Load(args[0], catalog).Require();
    await RunEngine.RunAsync(recipe, args[1], new RunSettings { Progress = new PlainProgress(Console.Out, TimeSpan.FromSeconds(1), timestamps: false), Cores = 2 });
    Console.WriteLine($"points {Interruption.Passed}");
    return 0;
}
catch (MofException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
