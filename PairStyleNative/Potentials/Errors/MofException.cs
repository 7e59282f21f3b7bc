namespace MofInterop.Potentials.Errors;

/// <summary>What kind of thing went wrong; the values are the status codes of the C ABI and never change.</summary>
public enum ErrorKind
{
    /// <summary>A caller passed something that cannot be meant (a wrong size, NULL, NaN, a freed handle).</summary>
    InvalidArgument = 1,

    /// <summary>A file is missing, unreadable, truncated or says something that its format does not allow.</summary>
    FileFormat = 2,

    /// <summary>The request is understood but this version cannot do it.</summary>
    Unsupported = 3,

    /// <summary>A computation gave no finite answer.</summary>
    NumericalFailure = 4,

    /// <summary>A defect of this software.</summary>
    Internal = 5,

    /// <summary>An external program failed, hung or is missing.</summary>
    ToolFailure = 6,
}

/// <summary>
/// The one error style of the suite: what happened, where (file:line, step, atom), what was expected, what to do.
/// Every message that a user reads is built here.
/// </summary>
public sealed class MofException : Exception
{
    /// <summary>Builds the message from its four parts; parts that are null are left out.</summary>
    /// <param name="kind">The class of error.</param>
    /// <param name="what">What happened, one sentence without a full stop.</param>
    /// <param name="where">Where: <c>file:line:column</c>, a step, an atom.</param>
    /// <param name="expected">What was expected instead.</param>
    /// <param name="remedy">What the reader can do.</param>
    /// <param name="inner">The exception that caused this one.</param>
    public MofException(
        ErrorKind kind,
        string what,
        string? where = null,
        string? expected = null,
        string? remedy = null,
        Exception? inner = null)
        : base(Compose(what, where, expected, remedy), inner)
    {
        Kind = kind;
        What = what;
        Where = where;
        Expected = expected;
        Remedy = remedy;
    }

    /// <summary>The class of error.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What happened.</summary>
    public string What { get; }

    /// <summary>Where it happened, or null.</summary>
    public string? Where { get; }

    /// <summary>What was expected, or null.</summary>
    public string? Expected { get; }

    /// <summary>What to do, or null.</summary>
    public string? Remedy { get; }

    private static string Compose(string what, string? where, string? expected, string? remedy)
    {
        var text = where is null ? what : $"{where}: {what}";
        if (expected is not null)
        {
            text += $"; expected {expected}";
        }

        return remedy is null ? text : $"{text}. {remedy}";
    }
}
