namespace MofInterop.Cp2k;

/// <summary>How CP2K is run: nothing here changes a label beyond the convergence of the SCF.</summary>
public sealed record Cp2kSettings
{
    /// <summary>The one-shot program; null: looked up as <c>cp2k.psmp</c>, then <c>cp2k</c>.</summary>
    public string? Program { get; init; }

    /// <summary>The interactive program; null: looked up as <c>cp2k_shell.psmp</c>, then <c>cp2k_shell</c>.</summary>
    public string? ShellProgram { get; init; }

    /// <summary>Folder of basis sets, potentials and parameters (CP2K_DATA_DIR); null: the variable, then beside the program.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Keep one process alive between labels and start every SCF from the last wavefunction.</summary>
    public bool Persistent { get; init; } = true;

    /// <summary>MPI processes; above 1 the program runs under <c>mpirun</c>.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>OpenMP threads of each process. One is fastest per core for cells of some hundred atoms.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Longest time for one attempt at a label; then the program counts as hung and is ended.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Cores in use while a label is computed.</summary>
    public int Cores => Ranks * Threads;
}
