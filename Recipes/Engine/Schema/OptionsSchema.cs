using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>The parameters of an options record, read once from its <see cref="ParameterAttribute"/>s.</summary>
internal sealed class OptionsSchema : ValueSchema
{
    private readonly Type _type;

    /// <summary>Reads a type's parameters.</summary>
    /// <exception cref="InvalidOperationException">The type is not a usable options record; a defect of the step.</exception>
    public OptionsSchema(Type type)
    {
        _type = type;
        var defaults = Activator.CreateInstance(type)
            ?? throw new InvalidOperationException($"{type.Name} needs a constructor without parameters");
        Parameters = [.. type.GetProperties()
            .Select(property => (property, attribute: property.GetCustomAttribute<ParameterAttribute>()))
            .Where(pair => pair.attribute is not null)
            .Select(pair => new ParameterSchema(pair.property, pair.attribute!, defaults))];
    }

    /// <summary>The parameters in the order of the record.</summary>
    public IReadOnlyList<ParameterSchema> Parameters { get; }

    public override string Expectation => $"a group of {string.Join(", ", Parameters.Select(parameter => parameter.Name))}";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        if (value is YamlMap map)
        {
            return Bind(map, context, []);
        }

        context.Problem(value, $"{context.Parameter} is not a group of keys", Expectation);
        return null;
    }

    /// <summary>Reads all parameters of a mapping; keys in <paramref name="reserved"/> are somebody else's.</summary>
    public object? Bind(YamlMap map, BindingContext context, IReadOnlyCollection<string> reserved)
    {
        var options = Activator.CreateInstance(_type)!;
        var complete = true;
        var names = Parameters.Select(candidate => candidate.Name).Concat(reserved).ToArray();
        var misspelt = new HashSet<string?>();
        foreach (var (key, value) in map.Entries.Where(entry => !reserved.Contains(entry.Key.Text)))
        {
            var parameter = Parameters.FirstOrDefault(candidate => candidate.Name == key.Text);
            if (parameter is null)
            {
                misspelt.Add(Spelling.Nearest(key.Text, names));
                context.Problem(key, $"unknown key '{key.Text}'", $"one of {string.Join(", ", names)}", Spelling.DidYouMean(key.Text, names));
                complete = false;
                continue;
            }

            var bound = context.Within("." + key.Text, value, () =>
                value is YamlScalar { IsNull: true } && parameter.Optional ? ParameterSchema.Absent : parameter.Value.Bind(value, context));
            complete &= bound is not null;
            parameter.Set(options, bound);
        }

        // A misspelt key is one mistake, not an unknown key and a missing one.
        foreach (var parameter in Parameters.Where(parameter => parameter.Required && map[parameter.Name] is null && !misspelt.Contains(parameter.Name)))
        {
            var path = context.Path.Length == 0 ? parameter.Name : $"{context.Path}.{parameter.Name}";
            context.Problem(map, $"'{path}' is missing", $"{parameter.Name}: {parameter.Value.Expectation}", parameter.Description);
            complete = false;
        }

        return complete ? options : null;
    }

    public override JsonObject JsonSchema()
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = Properties(), ["additionalProperties"] = false };
        var required = RequiredNames();
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    /// <summary>JSON Schema of every parameter with description and default.</summary>
    public JsonObject Properties()
    {
        var properties = new JsonObject();
        foreach (var parameter in Parameters)
        {
            var schema = parameter.Value.JsonSchema();
            schema["description"] = parameter.Description;
            if (!parameter.Required && parameter.Default is { } value)
            {
                schema["default"] = parameter.Value.Display(value);
            }

            properties[parameter.Name] = schema;
        }

        return properties;
    }

    /// <summary>Names of the parameters without default.</summary>
    public JsonArray RequiredNames() => [.. Parameters.Where(parameter => parameter.Required).Select(parameter => (JsonNode)parameter.Name)];

    public override JsonNode? Display(object value) => Convert(value, Parameters, (schema, item) => schema.Display(item));

    public override JsonNode? Identity(object value) =>
        Convert(value, Parameters.Where(parameter => parameter.AffectsResult), (schema, item) => schema.Identity(item));

    /// <summary>Every file that the options name, at any depth.</summary>
    public IEnumerable<InputFile> Files(object options) => Parameters
        .Select(parameter => parameter.Get(options))
        .SelectMany(value => FilesIn(value));

    private static IEnumerable<InputFile> FilesIn(object? value) => value switch
    {
        InputFile file => [file],
        string or InputData or null => [],
        IDictionary dictionary => dictionary.Values.Cast<object?>().SelectMany(FilesIn),
        IEnumerable items => items.Cast<object?>().SelectMany(FilesIn),
        _ => value.GetType().GetProperties()
            .Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .SelectMany(property => FilesIn(property.GetValue(value))),
    };

    private static JsonObject Convert(object options, IEnumerable<ParameterSchema> parameters, Func<ValueSchema, object, JsonNode?> convert)
    {
        var result = new JsonObject();
        foreach (var parameter in parameters)
        {
            if (parameter.Get(options) is { } value)
            {
                result[parameter.Name] = convert(parameter.Value, value);
            }
        }

        return result;
    }
}

/// <summary>One parameter of an options record.</summary>
internal sealed class ParameterSchema
{
    /// <summary>Bound in place of a value that was explicitly left out.</summary>
    public static readonly object Absent = new();

    private readonly PropertyInfo _property;

    public ParameterSchema(PropertyInfo property, ParameterAttribute attribute, object defaults)
    {
        _property = property;
        Name = attribute.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        Description = attribute.Description;
        AffectsResult = attribute.AffectsResult;
        Required = property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
        Optional = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        Default = property.GetValue(defaults);
        Value = Create(property.PropertyType, attribute, property);
        if (!Required && !Optional && (Default is null || Default is Quantity quantity && !(quantity.IsSet && quantity.Dimension == attribute.Dimension)))
        {
            throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} needs a default of its type, or 'required', or a nullable type");
        }
    }

    public string Name { get; }

    public string Description { get; }

    public bool Required { get; }

    /// <summary>null is a value.</summary>
    public bool Optional { get; }

    public bool AffectsResult { get; }

    public object? Default { get; }

    public ValueSchema Value { get; }

    public object? Get(object options) => _property.GetValue(options);

    /// <summary>Sets a bound value; does nothing when binding failed.</summary>
    public void Set(object options, object? bound)
    {
        if (bound is not null)
        {
            _property.SetValue(options, ReferenceEquals(bound, Absent) ? null : bound);
        }
    }

    private static ValueSchema Create(Type declared, ParameterAttribute attribute, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(Quantity))
        {
            return Enum.IsDefined(attribute.Dimension)
                ? new QuantitySchema(attribute.Dimension, new ValueRange(attribute))
                : throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} is a quantity without a Dimension");
        }

        if (type.IsGenericType)
        {
            var generic = type.GetGenericTypeDefinition();
            var item = type.GetGenericArguments()[^1];
            if (generic == typeof(IReadOnlyList<>))
            {
                return new ListSchema(item, Create(item, attribute, property), attribute.MinimumCount);
            }

            if (generic == typeof(IReadOnlyDictionary<,>))
            {
                return new DictionarySchema(item, Create(item, attribute, property), attribute.MinimumCount);
            }
        }

        return type switch
        {
            _ when type == typeof(string) => new TextSchema(attribute.Allowed),
            _ when type == typeof(bool) => new FlagSchema(),
            _ when type == typeof(int) || type == typeof(long) || type == typeof(double) => new NumberSchema(type, new ValueRange(attribute)),
            _ when type.IsEnum => new ChoiceSchema(type),
            _ when type == typeof(InputFile) => new FileSchema(),
            _ when type == typeof(InputData) => new DataSchema(),
            { IsClass: true } => new OptionsSchema(type),
            _ => throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name}: a parameter cannot be a {type.Name}"),
        };
    }
}
