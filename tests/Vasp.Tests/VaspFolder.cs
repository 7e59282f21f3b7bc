using MofInterop.Execution;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Vasp.Tests;

/// <summary>A folder with a library of potentials, gone after the test, and a small structure whose elements are mixed up.</summary>
internal sealed class VaspFolder : IDisposable
{
    public VaspFolder()
    {
        foreach (var (folder, element) in ((string, string)[])[("Zn", "Zn"), ("O", "O"), ("H_s", "H"), ("C", "C")])
        {
            Directory.CreateDirectory(this[$"paw/{folder}"]);
            File.WriteAllText(this[$"paw/{folder}/POTCAR"], $"  PAW_PBE {folder} 01Jan2000\n   VRHFIN ={element}: stand-in\n   TITEL  = PAW_PBE {folder} 01Jan2000\n End of Dataset\n");
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("mofinterop-vasp-").FullName;

    /// <summary>O and H and Zn in turn, in a triclinic cell.</summary>
    public static AtomicConfiguration Mixed { get; } = new(
        ["O", "Zn", "H", "O", "Zn", "C"],
        [0.1, 0.2, 0.3, 1.9, 0.3, 0.1, 0.4, 1.5, 0.2, 0.1, 0.3, 2.2, 2.1, 1.9, 2.3, 3.0, 1.2, 3.6],
        new Cell([4.1, 0.1, 0, 0.3, 4.3, -0.2, 0.2, 0.4, 4.6]),
        periodic: true);

    public VaspPotentials Potentials => new(this["paw"], new Dictionary<string, string> { ["H"] = "H_s" });

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public VaspLabeller Labeller(string fault = "none", VaspMethod? method = null, TimeSpan? limit = null) => new(
        method ?? new VaspMethod(),
        new VaspSettings { Command = ["dotnet", System.IO.Path.Combine(AppContext.BaseDirectory, "stand-in-vasp.dll"), fault], TimeLimit = limit ?? TimeSpan.FromMinutes(1) },
        Potentials,
        ["O", "Zn", "H", "C"],
        new ToolRunner());

    /// <summary>Runs the stand-in by itself with more ionic steps; returns the folder of its outputs.</summary>
    public async Task<string> RunAsync(int ionicSteps, AtomicConfiguration? structure = null, string fault = "none", VaspMethod? method = null)
    {
        var folder = Directory.CreateDirectory(this[$"run-{ionicSteps}-{fault}"]).FullName;
        method ??= new VaspMethod { Dispersion = VaspDispersion.D3BeckeJohnson };
        VaspInput.Write(folder, structure ?? Mixed, method, VaspScf.AsSet(method), Potentials);
        File.WriteAllText(System.IO.Path.Combine(folder, "INCAR"), File.ReadAllText(System.IO.Path.Combine(folder, "INCAR")).Replace("NSW = 0", $"NSW = {ionicSteps}", StringComparison.Ordinal));
        var command = new ToolCommand { Name = "vasp", Program = "dotnet", Arguments = [System.IO.Path.Combine(AppContext.BaseDirectory, "stand-in-vasp.dll"), fault], WorkingDirectory = folder };
        (await new ToolRunner().RunAsync(command)).ThrowIfFailed();
        return folder;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
