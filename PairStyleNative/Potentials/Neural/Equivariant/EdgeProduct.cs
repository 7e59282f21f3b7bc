namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>The tensor product of a layer made ready for <see cref="EdgePass{T, TNumber}"/>. Immutable.</summary>
/// <param name="Paths">Its paths.</param>
/// <param name="Tables">Weights by path: the table and the segment in it.</param>
internal sealed record EdgeProduct<TNumber>(ProductPath<TNumber>[] Paths, (RadialTable<TNumber> Table, int Segment)[] Tables) : IDisposable
    where TNumber : unmanaged
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable one in (IEnumerable<IDisposable>)[.. Paths, .. Tables.Select(one => one.Table).Distinct()])
        {
            one.Dispose();
        }
    }
}
