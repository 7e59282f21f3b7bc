namespace MofInterop;

/// <summary>
/// <c>Select</c> and <c>Where</c> as in System.Linq, whose own are not used in what becomes the native library: there <c>Select</c> is a generic virtual method of every iterator, of which a compiler ahead of time
/// makes all that could meet, every type selected from with every type selected to. Of the hundred types here that was two thirds of the library. In an enclosing namespace, these are found before those.
/// </summary>
internal static class Sequences
{
    /// <summary>What a function makes of each.</summary>
    public static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)
    {
        foreach (var one in source)
        {
            yield return selector(one);
        }
    }

    /// <summary>What a function makes of each and of its place.</summary>
    public static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, TResult> selector)
    {
        var place = 0;
        foreach (var one in source)
        {
            yield return selector(one, place++);
        }
    }

    /// <summary>Those for which a condition holds.</summary>
    public static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> condition)
    {
        foreach (var one in source)
        {
            if (condition(one))
            {
                yield return one;
            }
        }
    }

    /// <summary>Those for which a condition on them and their place holds.</summary>
    public static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> condition)
    {
        var place = 0;
        foreach (var one in source)
        {
            if (condition(one, place++))
            {
                yield return one;
            }
        }
    }
}
