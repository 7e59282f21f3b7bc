using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Sums;

/// <summary>
/// The sum of several potentials, such as SNAP + ZBL + D3: species are matched by label, a part acts on those that it
/// knows, and all parts add to the same buffers. Thread-safe as its parts are.
/// </summary>
/// <remarks>Grades of extrapolation are those of the part that has them; where several act on an atom, their sum.</remarks>
public unsafe class SumPotential : IPotential, IMixedPrecision
{
    private readonly SumPart[] _parts;
    private readonly Species[] _species;

    private protected SumPotential(Species[] species, SumPart[] parts)
    {
        _species = species;
        _parts = parts;
        Cutoff = parts.Max(part => part.Potential.Cutoff);
        HasGrades = parts.Any(part => part.Potential.HasGrades);
        SmallestShare = parts.Max(part => part.Potential.SmallestShare);
    }

    /// <inheritdoc/>
    public string Kind => "sum";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => _species;

    /// <summary>The parts, in the order in which they are computed.</summary>
    public IReadOnlyList<IPotential> Parts => [.. _parts.Select(part => part.Potential)];

    /// <inheritdoc/>
    public double Cutoff { get; }

    /// <inheritdoc/>
    public bool HasGrades { get; }

    /// <inheritdoc/>
    public int SmallestShare { get; }

    /// <inheritdoc/>
    /// <exception cref="MofException"><see cref="ErrorKind.Unsupported"/>: no part can.</exception>
    public bool MixedPrecision
    {
        get => Mixable.Any(part => part.MixedPrecision);
        set
        {
            if (value && !Mixable.Any())
            {
                throw new MofException(ErrorKind.Unsupported, "no part of this sum computes in mixed precision", expected: "precision double");
            }

            foreach (var part in Mixable)
            {
                part.MixedPrecision = value;
            }
        }
    }

    private protected ReadOnlySpan<SumPart> Slots => _parts;

    private IEnumerable<IMixedPrecision> Mixable => _parts.Select(part => part.Potential).OfType<IMixedPrecision>();

    /// <summary>A sum of parts, which it then owns: a staged one when a part is.</summary>
    /// <param name="parts">At least one.</param>
    /// <param name="species">
    /// The species and their order, or null: all that a part knows, in the order of their first appearance. Each must be
    /// known to a part, and each part's to the sum. Atomic numbers and masses that are not told are taken from the parts.
    /// </param>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.InvalidArgument"/>: a species is nobody's or has two atomic numbers. The parts are then still the caller's.
    /// </exception>
    public static SumPotential Of(IReadOnlyList<IPotential> parts, IReadOnlyList<Species>? species = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a sum has no parts", expected: "at least one");
        }

        var merged = SumSpecies.Merge(parts, species);
        SumPart[] slots = [.. parts.Select(part => new SumPart(part, merged))];
        return parts.Any(part => part is IStagedPotential) ? new StagedSumPotential(merged, slots) : new SumPotential(merged, slots);
    }

    /// <inheritdoc/>
    public double PairCutoff(int first, int second)
    {
        var cutoff = 0.0;
        foreach (var part in _parts)
        {
            if (part.SpeciesOf(first) is >= 0 and var a && part.SpeciesOf(second) is >= 0 and var b)
            {
                cutoff = Math.Max(cutoff, part.Potential.PairCutoff(a, b));
            }
        }

        return cutoff;
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        foreach (var part in _parts)
        {
            var outcome = part.Compute(atoms, buffers);
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Potential.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
