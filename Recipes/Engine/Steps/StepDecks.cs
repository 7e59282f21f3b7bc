namespace MofInterop.Engine;

/// <summary>Where a step writes the decks of a dry run, and what it knows of the recipe.</summary>
public sealed class StepDecks
{
    private readonly RecipeEntry _entry;
    private readonly StepCheck _check;
    private readonly string _root;
    private readonly List<string> _folders;
    private readonly List<string> _notes;

    internal StepDecks(RecipeEntry entry, StepCheck check, string root, List<string> folders, List<string> notes)
    {
        _entry = entry;
        _check = check;
        _root = root;
        _folders = folders;
        _notes = notes;
    }

    /// <summary>The name of the step in the recipe.</summary>
    public string Step => _entry.Name;

    /// <summary>The seed of a purpose, as <see cref="StepContext.Seed"/> will give it.</summary>
    public int Seed(string purpose) => _entry.Seed(purpose);

    /// <summary>What the step behind an input published about it; see <see cref="StepCheck.Published{T}"/>.</summary>
    public T? Published<T>(string input)
        where T : class => _check.Published<T>(input);

    /// <summary>Makes a folder for the deck of one calculation, <c>&lt;folder&gt;/&lt;step&gt;/&lt;name&gt;</c>.</summary>
    public string Folder(string name)
    {
        var path = Path.Combine(_root, Step, name);
        Directory.CreateDirectory(path);
        _folders.Add(path);
        return path;
    }

    /// <summary>Tells the user something about the decks.</summary>
    public void Say(string text) => _notes.Add($"{Step}: {text}");
}

/// <summary>The decks of a dry run.</summary>
/// <param name="Folders">One for each deck.</param>
/// <param name="Notes">What could not be written, and why.</param>
public sealed record DryRunDecks(IReadOnlyList<string> Folders, IReadOnlyList<string> Notes)
{
    /// <summary>Lets every step of a recipe write the decks of its first calculations.</summary>
    /// <param name="recipe">A recipe in which nothing is wrong but programs that are missing here.</param>
    /// <param name="folder">Where; made when needed. Decks of an earlier dry run are written over.</param>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">A deck cannot be made.</exception>
    public static DryRunDecks Write(Recipe recipe, string folder)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var facts = new Dictionary<(string, string), object>();
        var folders = new List<string>();
        var notes = new List<string>();
        var root = Path.GetFullPath(folder);
        foreach (var entry in recipe.Steps)
        {
            // What the check finds wrong was told before; here it makes the facts known again.
            var check = new StepCheck(entry, new ProblemList(recipe.File), facts);
            entry.Definition.Check(entry.Options, check);
            entry.Definition.WriteDecks(entry.Options, new StepDecks(entry, check, root, folders, notes));
        }

        return new DryRunDecks(folders, notes);
    }
}
