using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>VASP wants the atoms of an element together. This sorts them (elements in order of first appearance) and undoes it in the results. Immutable.</summary>
public sealed class VaspOrder
{
    // _atoms[k]: which atom of the configuration is the k-th of the POSCAR.
    private readonly int[] _atoms;

    /// <summary>The order for a configuration.</summary>
    public VaspOrder(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Elements = [.. configuration.Symbols.Distinct()];
        _atoms = [.. Elements.SelectMany(element => Enumerable.Range(0, configuration.Count).Where(i => configuration.Symbols[i] == element))];
    }

    /// <summary>The elements in the order of POSCAR and POTCAR.</summary>
    public IReadOnlyList<string> Elements { get; }

    /// <summary>The configuration with atoms as VASP wants them; types, velocities and label are left out.</summary>
    public AtomicConfiguration Sorted(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var positions = new double[3 * _atoms.Length];
        for (var k = 0; k < _atoms.Length; k++)
        {
            configuration.Positions.AsSpan(3 * _atoms[k], 3).CopyTo(positions.AsSpan(3 * k));
        }

        return new AtomicConfiguration([.. _atoms.Select(i => configuration.Symbols[i])], positions, configuration.Cell, configuration.Periodic);
    }

    /// <summary>Vectors <c>double[3N]</c> in VASP's order, in that of the configuration.</summary>
    public double[] Undo(ReadOnlySpan<double> vectors)
    {
        var result = new double[vectors.Length];
        for (var k = 0; k < _atoms.Length; k++)
        {
            vectors.Slice(3 * k, 3).CopyTo(result.AsSpan(3 * _atoms[k]));
        }

        return result;
    }
}
