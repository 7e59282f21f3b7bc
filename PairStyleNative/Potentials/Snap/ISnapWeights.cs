namespace MofInterop.Potentials.Snap;

/// <summary>How the coefficients β of a species become the weights β′ of a kernel, and where the kernel's invariants are components.</summary>
internal interface ISnapWeights
{
    /// <summary>Number of weights, and of invariants.</summary>
    int WeightCount { get; }

    /// <summary>β′ from β in LAMMPS's order, without the constant.</summary>
    void FillWeights(ReadOnlySpan<double> beta, Span<double> weights);

    /// <summary>The place of the invariant that a component is proportional to.</summary>
    int InvariantOf(int component);

    /// <summary>The component, that of the isolated atom included, over its invariant.</summary>
    double ScaleOf(int component);
}
