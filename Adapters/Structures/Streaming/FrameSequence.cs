namespace MofInterop.Structures;

/// <summary>
/// Watches the steps of frames. A run that was restarted writes frames again: those that are not behind the last one are left out. Where steps jump, time correlations must begin anew.
/// </summary>
internal sealed class FrameSequence(string path)
{
    private long? _last;
    private bool _restarted;
    private long _repeatedFrom;
    private long _repeated;
    private long _gaps;
    private long _firstGap;

    /// <summary>Steps from frame to frame; 0: not known.</summary>
    public long Interval { get; private set; }

    /// <summary>Whether a frame is new.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="continues">Whether it follows the last one at the distance of all others.</param>
    public bool Accept(long step, out bool continues)
    {
        continues = false;
        if (_last is not { } last)
        {
            _last = step;
            return true;
        }

        if (step <= last)
        {
            _repeatedFrom = _repeated == 0 ? step : _repeatedFrom;
            _repeated++;
            _restarted = true;
            return false;
        }

        var distance = step - last;
        Interval = Interval == 0 ? distance : Interval;
        continues = distance == Interval && !_restarted;
        if (distance != Interval)
        {
            _firstGap = _gaps == 0 ? last : _firstGap;
            _gaps++;
        }

        _restarted = false;
        _last = step;
        return true;
    }

    /// <summary>What was repaired, as sentences.</summary>
    public IEnumerable<string> Notes()
    {
        if (_repeated > 0)
        {
            yield return $"{path}: {_repeated} frames that came again after a restart (first step {_repeatedFrom}) are left out; time correlations begin anew there";
        }

        if (_gaps > 0)
        {
            yield return $"{path}: the distance of frames, {Interval} steps, changes {_gaps} times, first behind step {_firstGap}; time correlations begin anew there";
        }
    }
}
