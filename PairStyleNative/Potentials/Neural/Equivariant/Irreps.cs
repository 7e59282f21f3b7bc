using System.Collections;
using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>An irreducible representation of O(3): how 2·<see cref="Degree"/> + 1 numbers change when everything is turned or inverted.</summary>
/// <param name="Degree">l.</param>
/// <param name="Parity">+1 (even, written <c>e</c>) or −1 (odd, <c>o</c>).</param>
public readonly record struct Irrep(int Degree, int Parity)
{
    /// <summary>2l + 1.</summary>
    public int Dimension => 2 * Degree + 1;

    /// <summary>As e3nn writes it: <c>1o</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Degree}{(Parity > 0 ? 'e' : 'o')}");
}

/// <summary>So many of one representation, <c>[Multiplicity][2l + 1]</c> numbers in e3nn's layout.</summary>
/// <param name="Multiplicity">Number of channels.</param>
/// <param name="Irrep">Of each.</param>
public readonly record struct IrrepBlock(int Multiplicity, Irrep Irrep)
{
    /// <summary>All its numbers.</summary>
    public int Width => Multiplicity * Irrep.Dimension;
}

/// <summary>Blocks one after another, such as <c>32x0e+32x1o</c> (e3nn, <c>o3.Irreps</c>). Immutable.</summary>
public sealed class Irreps : IReadOnlyList<IrrepBlock>, IEquatable<Irreps>
{
    /// <summary>More than this in one block is no model.</summary>
    private const int MaximumMultiplicity = 1 << 16;

    private readonly IrrepBlock[] _blocks;
    private readonly int[] _offsets;

    /// <summary>Makes a list of blocks.</summary>
    public Irreps(IEnumerable<IrrepBlock> blocks)
    {
        _blocks = [.. blocks];
        _offsets = new int[_blocks.Length + 1];
        for (var k = 0; k < _blocks.Length; k++)
        {
            _offsets[k + 1] = _offsets[k] + _blocks[k].Width;
        }
    }

    /// <summary>Number of blocks.</summary>
    public int Count => _blocks.Length;

    /// <summary>All numbers.</summary>
    public int Width => _offsets[^1];

    /// <inheritdoc/>
    public IrrepBlock this[int index] => _blocks[index];

    /// <summary>Where a block begins among all numbers.</summary>
    public int OffsetOf(int block) => _offsets[block];

    /// <summary>Reads e3nn's notation: <c>32x0e+16x1o</c>, <c>1e</c> for one; the empty text is no block.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: it is something else.</exception>
    public static Irreps Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var blocks = new List<IrrepBlock>();
        foreach (var part in text.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var times = part.IndexOf('x', StringComparison.Ordinal);
            var irrep = part[(times + 1)..];
            var multiplicity = 1;
            if (irrep.Length < 2
                || irrep[^1] is not ('e' or 'o')
                || !int.TryParse(irrep.AsSpan(0, irrep.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var degree)
                || (times >= 0 && !int.TryParse(part.AsSpan(0, times), NumberStyles.None, CultureInfo.InvariantCulture, out multiplicity))
                || degree > SphericalHarmonics.MaximumIrrep
                || multiplicity > MaximumMultiplicity)
            {
                throw new MofException(ErrorKind.FileFormat, $"'{text}' is not a list of irreducible representations", expected: "such as 32x0e+32x1o+32x2e");
            }

            blocks.Add(new IrrepBlock(multiplicity, new Irrep(degree, irrep[^1] == 'e' ? 1 : -1)));
        }

        return new Irreps(blocks);
    }

    /// <inheritdoc/>
    public IEnumerator<IrrepBlock> GetEnumerator() => ((IEnumerable<IrrepBlock>)_blocks).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _blocks.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Irreps? other) => other is not null && _blocks.AsSpan().SequenceEqual(other._blocks);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Irreps);

    /// <inheritdoc/>
    public override int GetHashCode() => _blocks.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join('+', _blocks.Select(block => string.Create(CultureInfo.InvariantCulture, $"{block.Multiplicity}x{block.Irrep}")));
}
