using System.Text.Json.Nodes;

namespace MofInterop.Engine.Tests;

public sealed class JsonSchemaTests
{
    private readonly JsonObject _schema = Scratch.Catalog.JsonSchema();

    [Fact]
    public void Every_kind_is_an_alternative_that_allows_no_unknown_keys()
    {
        _schema["properties"]!["steps"]!["items"]!["oneOf"]!.AsArray().Select(item => item!["$ref"]!.GetValue<string>())
            .ShouldBe(["#/definitions/toy-learn", "#/definitions/toy-structure"]);
        var learn = _schema["definitions"]!["toy-learn"]!;
        learn["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        learn["required"]!.AsArray().Select(item => item!.GetValue<string>()).ShouldBe(["name", "kind", "uses", "schedule"]);
        learn["properties"]!["kind"]!["const"]!.GetValue<string>().ShouldBe("toy-learn");
    }

    [Fact]
    public void A_parameter_shows_its_description_default_range_and_values()
    {
        var properties = _schema["definitions"]!["toy-learn"]!["properties"]!;
        properties["runs"]!.ToJsonString().ShouldBe("""{"type":"integer","minimum":1,"maximum":100,"description":"Runs in each generation.","default":3}""");
        properties["method"]!["enum"]!.ToJsonString().ShouldBe("""["least-squares","ridge-regression"]""");
        properties["schedule"]!["items"]!["required"]!.ToJsonString().ShouldBe("""["temperature"]""");
    }

    [Theory]
    [InlineData("1 ps", true)]
    [InlineData("0.5 fs", true)]
    [InlineData("1e3 ns", true)]
    [InlineData("1", false)]
    [InlineData("1 K", false)]
    public void An_editor_accepts_the_same_quantities_as_the_engine(string text, bool valid)
    {
        var pattern = _schema["definitions"]!["toy-learn"]!["properties"]!["schedule"]!["items"]!["properties"]!["length"]!["pattern"]!.GetValue<string>();
        System.Text.RegularExpressions.Regex.IsMatch(text, pattern).ShouldBe(valid);
        Quantity.TryParse(text, Dimension.Time, out _, out _).ShouldBe(valid);
    }
}
