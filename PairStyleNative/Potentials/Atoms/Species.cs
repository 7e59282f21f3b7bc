namespace MofInterop.Potentials.Atoms;

/// <summary>A kind of atom that a model knows. A host's types and atomic numbers are mapped to species by their label.</summary>
/// <param name="Label">The model's name for it: an element symbol (<c>Zn</c>) or an atom type (<c>C3a</c>).</param>
/// <param name="AtomicNumber">Z, or 0 where the file does not tell.</param>
/// <param name="Mass">Atomic mass units, or 0 where the file does not tell.</param>
public sealed record Species(string Label, int AtomicNumber, double Mass);
