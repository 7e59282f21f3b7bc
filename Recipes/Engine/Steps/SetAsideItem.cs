using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>One of many calculations that failed and that a step goes on without.</summary>
/// <param name="What">Which calculations: <c>labels of generation 2</c>.</param>
/// <param name="Item">Which one of them: <c>run 3, frame 40</c>.</param>
/// <param name="Reason">Why it was set aside.</param>
/// <param name="Folder">Where its files are.</param>
public sealed record SetAsideItem(string What, string Item, string Reason, string Folder)
{
    /// <summary>The journal's word.</summary>
    internal const string Event = "label-set-aside";

    internal JsonObject ToJson() => new() { ["what"] = What, ["item"] = Item, ["reason"] = Reason, ["folder"] = Folder };

    internal static SetAsideItem FromJson(JsonObject json) =>
        new(json["what"]!.GetValue<string>(), json["item"]!.GetValue<string>(), json["reason"]!.GetValue<string>(), json["folder"]!.GetValue<string>());
}
