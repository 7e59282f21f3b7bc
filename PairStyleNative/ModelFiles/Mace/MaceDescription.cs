namespace MofInterop.ModelFiles.Mace;

/// <summary>A way through a linear layer or tensor product of e3nn.</summary>
/// <param name="First">Block of the (first) input.</param>
/// <param name="Second">Block of the second input; 0 for linear layers.</param>
/// <param name="Output">Block of the output.</param>
/// <param name="Mode"><c>uvu</c>, <c>uvw</c>; empty for linear layers.</param>
/// <param name="Weighted">Whether it has weights.</param>
/// <param name="Factor">e3nn's <c>path_weight</c>.</param>
internal sealed record MaceInstruction(int First, int Second, int Output, string Mode, bool Weighted, double Factor);

/// <summary>A linear layer or tensor product of e3nn.</summary>
/// <param name="First">Irreps of the (first) input.</param>
/// <param name="Second">Irreps of the second input; empty for linear layers.</param>
/// <param name="Output">Irreps of the output.</param>
/// <param name="Instructions">Its ways, in the order of their weights.</param>
internal sealed record MaceOperation(string First, string Second, string Output, IReadOnlyList<MaceInstruction> Instructions);

/// <summary>An activation, as e3nn normalizes it.</summary>
/// <param name="Name"><c>silu</c>, …</param>
/// <param name="Factor">e3nn's <c>cst</c>.</param>
internal sealed record MaceActivation(string Name, double Factor);

/// <summary>A number that belongs to a whole structure, such as its charge (<c>embedding_specs</c>).</summary>
/// <param name="Name"><c>total_charge</c>, …</param>
/// <param name="Kind"><c>categorical</c>: a row of a table; <c>continuous</c>: the input of a network.</param>
/// <param name="Per"><c>graph</c>: of the structure; <c>node</c>: of every atom.</param>
/// <param name="Offset">Added to the number to find the row.</param>
internal sealed record MaceInput(string Name, string Kind, string Per, int Offset);

/// <summary>Numbers by name and shape, as of a torch <c>state_dict</c>.</summary>
/// <param name="Shape">Sizes.</param>
/// <param name="Values">In row-major order.</param>
internal sealed record MaceTensor(IReadOnlyList<int> Shape, double[] Values);

/// <summary>What a MACE model is made of, whatever file it came from; names are those of MACE's modules.</summary>
internal sealed record MaceDescription
{
    /// <summary>For messages: the file.</summary>
    public required string Where { get; init; }

    /// <summary>Class of the model.</summary>
    public required string Class { get; init; }

    /// <summary>Its elements.</summary>
    public required IReadOnlyList<int> AtomicNumbers { get; init; }

    /// <summary>Å.</summary>
    public required double Cutoff { get; init; }

    /// <summary>Whether weights are single-precision numbers.</summary>
    public required bool SinglePrecision { get; init; }

    /// <summary>Class of every interaction.</summary>
    public required IReadOnlyList<string> Interactions { get; init; }

    /// <summary>Class of every readout.</summary>
    public required IReadOnlyList<string> Readouts { get; init; }

    /// <summary>Class of the radial basis.</summary>
    public required string RadialBasis { get; init; }

    /// <summary>Class of the cutoff function.</summary>
    public required string CutoffFunction { get; init; }

    /// <summary>Class of the transform of distances, or null.</summary>
    public string? Transform { get; init; }

    /// <summary>Whether nuclei repel each other beside all else.</summary>
    public bool Repulsion { get; init; }

    /// <summary>Names of its energies; more than one is a model of several heads.</summary>
    public required IReadOnlyList<string> Heads { get; init; }

    /// <summary>What this code does not know and the model has, by name.</summary>
    public required IReadOnlyList<string> Strangers { get; init; }

    /// <summary>By interaction.</summary>
    public required IReadOnlyList<double> NeighborCounts { get; init; }

    /// <summary>By product: whether features are added to what the products make.</summary>
    public required IReadOnlyList<bool> SelfConnections { get; init; }

    /// <summary>Of the radial networks: one for all but the last layer. Null: they have one layer, or normalization.</summary>
    public MaceActivation? RadialActivation { get; init; }

    /// <summary>Of the last readout; null where there is none.</summary>
    public MaceActivation? ReadoutActivation { get; init; }

    /// <summary>By readout: of how many heads its hidden numbers are, of which only those of one count.</summary>
    public required IReadOnlyList<int> ReadoutHeads { get; init; }

    /// <summary>Which head a file was made for; null: for any.</summary>
    public int? ChosenHead { get; init; }

    /// <summary>By product: whether its weights are the same for all elements.</summary>
    public required IReadOnlyList<bool> Agnostic { get; init; }

    /// <summary>Whether the cutoff multiplies what radial networks give, not what they take (<c>apply_cutoff</c> false).</summary>
    public bool CutoffOfWeights { get; init; }

    /// <summary>Whether all representations are even (<c>use_so3</c>).</summary>
    public bool IgnoresParity { get; init; }

    /// <summary>What the features of atoms depend on beside their elements.</summary>
    public IReadOnlyList<MaceInput> Inputs { get; init; } = [];

    /// <summary>Activations of gates by the names of their modules.</summary>
    public IReadOnlyDictionary<string, MaceActivation> GateActivations { get; init; } = new Dictionary<string, MaceActivation>();

    /// <summary>Linear layers and tensor products by name.</summary>
    public required IReadOnlyDictionary<string, MaceOperation> Operations { get; init; }

    /// <summary>Numbers by name.</summary>
    public required IReadOnlyDictionary<string, MaceTensor> Tensors { get; init; }
}
