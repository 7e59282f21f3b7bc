namespace MofInterop.Steps;

/// <summary>Chooses a frame of a run by a number.</summary>
internal static class MeasuredFrames
{
    /// <summary>The first frame above a threshold, or the one of the largest value, the earliest of equals; null: none is above it.</summary>
    /// <param name="values">Of the frames in order; computed only as far as they are needed.</param>
    /// <param name="threshold">A frame joins above this.</param>
    /// <param name="pick">Which one.</param>
    public static (int Frame, double Value)? Pick(IEnumerable<double> values, double threshold, FramePick pick)
    {
        (int Frame, double Value)? best = null;
        var frame = 0;
        foreach (var value in values)
        {
            if (value > threshold && !(value <= best?.Value))
            {
                best = (frame, value);
                if (pick == FramePick.First)
                {
                    break;
                }
            }

            frame++;
        }

        return best;
    }
}
