using MofInterop.Learning;
using MofInterop.Potentials.Snap;

namespace MofInterop.Steps;

/// <summary>Chooses from labelled frames by each method.</summary>
internal static class CurveSelections
{
    /// <summary>The frames that join at one resolution, offered in the order of the data.</summary>
    public static IReadOnlyList<int> Cbad(CurveData data, CbadResolutions resolutions)
    {
        var selection = new CbadSelection(data.Structure.Graph, data.Structure.Configuration.Types!, resolutions);
        return [.. Enumerable.Range(0, data.Frames.Count).Where(place => selection.Offer(data.Frames[place]).Joins)];
    }

    /// <summary>All frames, each the farthest from those before it; the first is the first of the data.</summary>
    public static IReadOnlyList<int> FarthestPoint(CurveData data, CancellationToken cancellation) =>
        [.. FarthestPoints.Take(FrameFingerprints.Of(data.EmptyModel, data.Frames, data.Cores, cancellation), 0, data.Frames.Count).Select(point => point.Index)];

    /// <summary>All frames in random order.</summary>
    public static IReadOnlyList<int> Random(CurveData data, int seed)
    {
        var random = new DeterministicRandom((ulong)seed);
        int[] places = [.. Enumerable.Range(0, data.Frames.Count)];
        for (var k = places.Length - 1; k > 0; k--)
        {
            var other = (int)(random.NextUnit() * (k + 1));
            (places[k], places[other]) = (places[other], places[k]);
        }

        return places;
    }

    /// <summary>Adds the frames of largest grade under the model that was fitted to those chosen so far, until there are so many.</summary>
    public static IReadOnlyList<int> GrowByGrade(CurveData data, IReadOnlyList<int> chosen, SnapModel model, int size, CancellationToken cancellation)
    {
        using var potential = new SnapPotential(TrainingGrades.Grade(model, data.Fitted(chosen.Order()), data.Cores, cancellation));
        using var evaluator = new PotentialEvaluator(potential);
        return Grow(data, chosen, size, place => evaluator.Grades(data.Frames[place]).Max());
    }

    /// <summary>Adds the frames on whose forces a committee on those chosen so far disagrees most, until there are so many.</summary>
    public static IReadOnlyList<int> GrowByCommittee(CurveData data, IReadOnlyList<int> chosen, int members, int size, CancellationToken cancellation)
    {
        using var committee = CommitteeDisagreement.Fit(data.Settings, data.Types, data.Fitted(chosen.Order()), Math.Min(members, chosen.Count), data.Cores, cancellation);
        return Grow(data, chosen, size, place => committee.Of(data.Frames[place]));
    }

    // The earliest of equals first: OrderBy is stable.
    private static List<int> Grow(CurveData data, IReadOnlyList<int> chosen, int size, Func<int, double> score)
    {
        var rest = Enumerable.Range(0, data.Frames.Count).Except(chosen).Select(place => (Place: place, Score: score(place)));
        return [.. chosen, .. rest.OrderByDescending(one => one.Score).Take(size - chosen.Count).Select(one => one.Place)];
    }
}
