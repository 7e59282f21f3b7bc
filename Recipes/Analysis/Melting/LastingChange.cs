namespace MofInterop.Analysis.Melting;

/// <summary>When something that fluctuates has changed for good.</summary>
public static class LastingChange
{
    /// <summary>The first place from which on a condition holds so many times in a row; null where there is none.</summary>
    /// <param name="holds">In the order of time.</param>
    /// <param name="inRow">At least 1.</param>
    public static int? FirstOf(IReadOnlyList<bool> holds, int inRow)
    {
        ArgumentNullException.ThrowIfNull(holds);
        var run = 0;
        for (var k = 0; k < holds.Count; k++)
        {
            run = holds[k] ? run + 1 : 0;
            if (run >= inRow)
            {
                return k + 1 - inRow;
            }
        }

        return null;
    }
}
