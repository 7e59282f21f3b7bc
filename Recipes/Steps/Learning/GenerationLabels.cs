using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>The labels on which a generation closes, and what came too late for it.</summary>
/// <param name="Choices">What was tried, in the order of selection; first what was late before.</param>
/// <param name="Records">What became of each.</param>
/// <param name="Late">How many are left for the next generation.</param>
internal sealed record ClosedLabels(IReadOnlyList<Choice> Choices, IReadOnlyList<LabelRecord> Records, int Late);

/// <summary>
/// Labels generation after generation. Where the recipe says how long to wait, the set on which a generation closes is recorded as a unit of work before
/// the fit, so that a resumed run closes on the same set however fast its labels are there.
/// </summary>
internal sealed class GenerationLabels(ReferenceLabels labels, ClosingOptions? closing, StepContext context)
{
    private const string FileName = "labels.json";
    private IReadOnlyList<Choice> _late = [];

    /// <summary>How many chosen configurations have not joined yet.</summary>
    public int LateCount => _late.Count;

    /// <summary>Begins to label what was chosen before the generation is complete; <see cref="LabelAsync"/> asks for it again.</summary>
    public void Begin(Choice choice, CancellationToken cancellation) => _ = labels.Begin(choice.Configuration, cancellation);

    /// <summary>Goes on with what was late, also in a process that did not begin it.</summary>
    public void GoOn(CancellationToken cancellation)
    {
        foreach (var choice in _late)
        {
            Begin(choice, cancellation);
        }
    }

    /// <summary>Labels what was chosen and what was late.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="chosen">What was chosen in it.</param>
    /// <param name="last">Nothing comes after: all are waited for.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<ClosedLabels> LabelAsync(int generation, IReadOnlyList<Choice> chosen, bool last, CancellationToken cancellation)
    {
        var name = generation == 0 ? "labels of the distorted copies" : $"labels of generation {generation}";
        Choice[] offered = [.. _late, .. chosen];
        _late = [];
        if (closing is not null && !last && offered.Length > 0)
        {
            var folder = await context.OnceAsync(
                string.Create(CultureInfo.InvariantCulture, $"generation-{generation:00}/labels"), Fingerprint(offered),
                async (temporary, token) => StepJson.Write(Path.Combine(temporary, FileName), await labels.ArriveAsync(name, [.. offered.Select(choice => choice.Configuration)], closing.Closing, token).ConfigureAwait(false)),
                cancellation).ConfigureAwait(false);
            var arrived = StepJson.Read<int[]>(Path.Combine(folder, FileName)).ToHashSet();
            _late = [.. offered.Where((_, place) => !arrived.Contains(place))];
            offered = [.. offered.Where((_, place) => arrived.Contains(place))];
            context.Record("labels-closed", new JsonObject { ["generation"] = generation, ["arrived"] = offered.Length, ["late"] = new JsonArray([.. _late.Select(choice => (JsonNode)choice.Record.Origin)]) });
        }

        var records = await labels.LabelAsync(name, [.. offered.Select(choice => choice.Configuration)], [.. offered.Select(choice => choice.Record.Origin)], cancellation).ConfigureAwait(false);
        return new ClosedLabels(offered, records, _late.Count);
    }

    private static string Fingerprint(IEnumerable<Choice> choices)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var choice in choices)
        {
            hash.AppendData(MemoryMarshal.AsBytes<double>(choice.Configuration.Positions));
            hash.AppendData(MemoryMarshal.AsBytes(choice.Configuration.Cell!.Rows));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
