using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>Work memory of a thread and the way through a stage.</summary>
internal interface IStageEngine : IDisposable
{
    /// <summary>See <see cref="IStagedPotential.ComputeStage"/>.</summary>
    unsafe EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values);

    /// <summary>Memory for the values of all atoms, where nobody else keeps them.</summary>
    unsafe double* ReserveValues(long count);
}

/// <summary>
/// The way of a network that passes messages through its stages: centers of one species, a batch at a time, through one layer. With L layers, stage t &lt; L goes forward through layer t; stage L + k goes back
/// through layer t = L − 1 − k, and where forces are wanted only.
/// </summary>
internal abstract unsafe class StageEngine<T, TNumber> : IStageEngine
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    private readonly NativeArray<double> _values = new();
    private readonly int _speciesCount;
    private readonly int _degree;
    private double* _all;
    private int _atomCount;

    /// <summary>Makes work memory.</summary>
    /// <param name="speciesCount">Species of the model.</param>
    /// <param name="cutoff">Å.</param>
    /// <param name="degree">The largest l of the harmonics.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="cutoffs">By pairs of species; null: one for all.</param>
    protected StageEngine(int speciesCount, double cutoff, int degree, int layers, PairCutoffs? cutoffs = null)
    {
        (_speciesCount, _degree, Last) = (speciesCount, degree, layers - 1);
        Gather = new EdgeGather<TNumber>(speciesCount, cutoff, degree, cutoffs);
        Edges = new EdgePass<T, TNumber>(Gather);
    }

    /// <summary>Centers and edges of the batch.</summary>
    protected EdgeGather<TNumber> Gather { get; }

    /// <summary>What passes along the edges.</summary>
    protected EdgePass<T, TNumber> Edges { get; }

    /// <summary>The last layer.</summary>
    protected int Last { get; }

    /// <inheritdoc/>
    public double* ReserveValues(long count) => _values.Reserve(count);

    /// <inheritdoc/>
    public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        _all = values;
        _atomCount = atoms.AtomCount;
        var gradients = buffers.Forces is not null || buffers.Virial is not null || buffers.AtomVirials is not null;
        if (stage > Last && !gradients)
        {
            return EvaluationOutcome.Success;
        }

        var outcome = Gather.Start(atoms);
        for (var species = 0; species < _speciesCount && outcome.Status == EvaluationStatus.Success; species++)
        {
            var count = Gather.CentersOf(species);
            for (var begin = 0; begin < count && outcome.Status == EvaluationStatus.Success; begin += EdgeGather<TNumber>.BatchSize)
            {
                outcome = Gather.Run(atoms, species, begin, Math.Min(begin + EdgeGather<TNumber>.BatchSize, count));
                if (outcome.Status == EvaluationStatus.Success)
                {
                    Edges.Start();
                    outcome = stage <= Last ? Forward(stage, species, atoms, buffers, gradients) : Backward(2 * Last + 1 - stage, species, atoms, buffers);
                }
            }
        }

        return outcome;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Gather.Dispose();
        Edges.Dispose();
        _values.Dispose();
    }

    /// <summary>Takes the batch forward through a layer.</summary>
    protected abstract EvaluationOutcome Forward(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers, bool gradients);

    /// <summary>Takes the batch back through a layer.</summary>
    protected abstract EvaluationOutcome Backward(int t, int species, in NeighborView atoms, in EvaluationBuffers buffers);

    /// <summary>Whose values an atom has: its own, or those of the atom that it is an image of.</summary>
    protected static int OwnerOf(in NeighborView atoms, int atom) => atoms.Owners is null ? atom : atoms.Owners[atom];

    /// <summary>What an atom keeps in a block of values.</summary>
    protected TNumber* Row(GhostBlock block, int atom) => (TNumber*)(_all + (long)block.First * _atomCount + (long)block.Width * atom);

    /// <summary>Points every edge to what its neighbour sends: by species in the first layer, whose features depend on nothing else.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="bySpecies">Of the first layer, <c>[species][size]</c>; null in others.</param>
    /// <param name="size">Numbers of a row of it.</param>
    /// <param name="sent">Where atoms keep it in other layers.</param>
    protected void FindSent(in NeighborView atoms, TNumber* bySpecies, int size, GhostBlock sent)
    {
        for (var e = 0; e < Gather.EdgeCount; e++)
        {
            ref readonly var neighbor = ref Gather.Neighbors[e];
            Edges.Sent[e] = bySpecies is not null ? bySpecies + (long)neighbor.Species * size : Row(sent, OwnerOf(atoms, neighbor.Atom));
        }
    }

    /// <summary>Points every edge to the derivatives by its neighbour's sums.</summary>
    protected void FindReceived(in NeighborView atoms, GhostBlock gradients)
    {
        for (var e = 0; e < Gather.EdgeCount; e++)
        {
            Edges.Received[e] = Row(gradients, OwnerOf(atoms, Gather.Neighbors[e].Atom));
        }
    }

    /// <summary>Adds the forces of the batch.</summary>
    protected EvaluationOutcome AddForces(in EvaluationBuffers buffers)
    {
        for (var c = 0; c < Gather.CenterCount; c++)
        {
            if (!Edges.AddForces(_degree, c, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, Gather.Centers[c].Atom);
            }
        }

        return EvaluationOutcome.Success;
    }
}
