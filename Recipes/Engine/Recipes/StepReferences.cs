namespace MofInterop.Engine;

/// <summary>A step that has been read but whose parameters have not.</summary>
internal sealed record StepDraft(string Name, StepDefinition? Definition, YamlMap Map)
{
    /// <summary>Where its inputs come from.</summary>
    public Dictionary<string, OutputReference> Uses { get; } = [];
}

/// <summary>Resolves <c>uses:</c> and puts the steps in order.</summary>
internal static class StepReferences
{
    /// <summary>Reads the <c>uses:</c> of one step: <c>input: step.output</c>, or <c>input: step</c> where the output has the input's name.</summary>
    public static void Bind(StepDraft draft, IReadOnlyList<StepDraft> all, ProblemList problems)
    {
        var inputs = draft.Definition?.Inputs ?? [];
        var value = draft.Map["uses"];
        if (value is not null and not YamlMap)
        {
            problems.Add(value.Start, "'uses' is not a group of keys", "input: step.output pairs");
            return;
        }

        var map = value as YamlMap;
        foreach (var (key, reference) in map?.Entries ?? [])
        {
            var input = inputs.FirstOrDefault(candidate => candidate.Name == key.Text);
            if (input is null && draft.Definition is not null)
            {
                var names = inputs.Select(candidate => candidate.Name).ToArray();
                var expected = names.Length == 0 ? "no 'uses' here" : $"one of {string.Join(", ", names)}";
                problems.Add(key.Start, $"a step of kind {draft.Definition.Kind} takes no input '{key.Text}'", expected, Spelling.DidYouMean(key.Text, names));
            }
            else if (input is not null && Resolve(reference, input, draft, all, problems) is { } source)
            {
                draft.Uses[key.Text] = source;
            }
        }

        foreach (var input in inputs.Where(input => !input.Optional && map?[input.Name] is null))
        {
            problems.Add((map ?? draft.Map).Start, $"'uses' lacks the input '{input.Name}'", $"{input.Name}: step.output", input.Description);
        }
    }

    /// <summary>Every step after those it uses, in file order otherwise; steps on a circle are reported and left out.</summary>
    public static IReadOnlyList<StepDraft> Order(IReadOnlyList<StepDraft> drafts, ProblemList problems)
    {
        var ordered = new List<StepDraft>();
        var names = new HashSet<string>();
        var waiting = drafts.ToList();
        while (waiting.Find(draft => draft.Uses.Values.All(source => names.Contains(source.Step))) is { } next)
        {
            ordered.Add(next);
            names.Add(next.Name);
            waiting.Remove(next);
        }

        if (waiting.Count > 0)
        {
            // Walking from any waiting step to one it waits for must come back to a step seen before: the circle.
            var path = new List<StepDraft> { waiting[0] };
            while (true)
            {
                var source = path[^1].Uses.Values.First(reference => !names.Contains(reference.Step)).Step;
                var start = path.FindIndex(draft => draft.Name == source);
                if (start >= 0)
                {
                    var circle = string.Join(" → ", path.Skip(start).Select(draft => draft.Name).Append(source));
                    problems.Add((path[start].Map["uses"] ?? path[start].Map).Start, $"steps use each other in a circle: {circle}", "steps that only use earlier results");
                    break;
                }

                path.Add(waiting.First(draft => draft.Name == source));
            }
        }

        return ordered;
    }

    private static OutputReference? Resolve(YamlValue value, StepInput input, StepDraft draft, IReadOnlyList<StepDraft> all, ProblemList problems)
    {
        if (value is not YamlScalar { IsNull: false } scalar)
        {
            problems.Add(value.Start, $"'{input.Name}' does not name an output", "step.output");
            return null;
        }

        var dot = scalar.Text.IndexOf('.', StringComparison.Ordinal);
        var stepName = dot < 0 ? scalar.Text : scalar.Text[..dot];
        var outputName = dot < 0 ? input.Name : scalar.Text[(dot + 1)..];
        var names = all.Select(other => other.Name).Where(name => name[0] != '\0' && name != draft.Name).ToArray();
        var source = all.FirstOrDefault(other => other.Name == stepName);
        if (source is null)
        {
            var expected = names.Length == 0 ? "an earlier step (there is none)" : $"one of {string.Join(", ", names)}";
            problems.Add(scalar.Start, $"there is no step '{stepName}'", expected, Spelling.DidYouMean(stepName, names));
            return null;
        }

        if (source.Definition is null)
        {
            return null;
        }

        var output = source.Definition.Outputs.FirstOrDefault(candidate => candidate.Name == outputName);
        if (output is null)
        {
            var outputs = source.Definition.Outputs.Select(candidate => candidate.Name).ToArray();
            problems.Add(
                scalar.Start,
                $"step '{stepName}' (kind {source.Definition.Kind}) has no output '{outputName}'",
                outputs.Length == 0 ? "another step (this one has no outputs)" : string.Join(" or ", outputs.Select(name => $"{stepName}.{name}")),
                Spelling.DidYouMean(outputName, outputs));
            return null;
        }

        if (output.Type != input.Type)
        {
            problems.Add(scalar.Start, $"'{input.Name}' takes a {input.Type}, {stepName}.{outputName} is a {output.Type}", $"an output of type {input.Type}");
            return null;
        }

        return new OutputReference(stepName, outputName);
    }
}
