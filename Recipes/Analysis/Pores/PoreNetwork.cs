using MofInterop.Analysis.Networks;

namespace MofInterop.Analysis.Pores;

/// <summary>A place where a sphere is held: a local maximum of the distance field.</summary>
/// <param name="Position">In the first cell, Å.</param>
/// <param name="Radius">Å.</param>
internal readonly record struct Cavity(Point3 Position, double Radius);

/// <summary>A way from one cavity to another.</summary>
/// <param name="From">In the first cell.</param>
/// <param name="To">In the cell <paramref name="Translation"/>.</param>
/// <param name="Translation">Cells.</param>
/// <param name="Radius">Of the largest sphere that passes, Å.</param>
internal readonly record struct Passage(int From, int To, LatticeVector Translation, double Radius);

/// <summary>
/// Cavities of a structure and the windows between them: what decides where spheres fit and how far they get.
/// </summary>
/// <param name="Cavities">With a radius above 0.</param>
/// <param name="Passages">Through every window.</param>
internal sealed record PoreNetwork(IReadOnlyList<Cavity> Cavities, IReadOnlyList<Passage> Passages)
{
    /// <summary>Groups of cavities that a sphere of a radius goes to and fro between.</summary>
    public PeriodicGroups GroupsAt(double radius)
    {
        var groups = new PeriodicGroups(Cavities.Count);
        foreach (var passage in Passages.Where(passage => passage.Radius >= radius))
        {
            groups.Join(passage.From, passage.To, passage.Translation);
        }

        return groups;
    }
}
