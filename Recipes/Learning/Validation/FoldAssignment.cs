using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// Deals configurations into k folds: those of a group (see <see cref="ConfigurationGroups"/>) one after the other into one fold after the
/// other, so that every fold has its part of every group. Each group begins with another fold, or groups of one would all be in the first.
/// What comes later changes nothing for what came before.
/// </summary>
public sealed class FoldAssignment
{
    private readonly int _folds;
    private readonly Dictionary<string, int> _next = [];

    /// <summary>Starts with no configuration.</summary>
    /// <exception cref="MofException">Fewer than two folds.</exception>
    public FoldAssignment(int folds) => _folds = folds >= 2
        ? folds
        : throw new MofException(ErrorKind.InvalidArgument, $"cross-validation with {folds} folds", expected: "two or more");

    /// <summary>The fold of the next configuration, from 0.</summary>
    public int Next(AtomicConfiguration configuration)
    {
        var group = ConfigurationGroups.Of(configuration) ?? string.Empty;
        var fold = _next.TryGetValue(group, out var next) ? next : _next.Count % _folds;
        _next[group] = (fold + 1) % _folds;
        return fold;
    }

    /// <summary>The folds of a whole list.</summary>
    public static int[] Of(IReadOnlyList<AtomicConfiguration> configurations, int folds)
    {
        var assignment = new FoldAssignment(folds);
        return [.. configurations.Select(assignment.Next)];
    }
}
