using MofInterop.Execution;
using MofInterop.PythonHost;

namespace MofInterop.Structures.Tests;

/// <summary>Files go to ASE and come back.</summary>
public sealed class AseAgreementTests : IDisposable
{
    private const string Script = """
        import numpy
        from ase.io import read, write


        def run(request):
            atoms = read(request["source"], index=":")
            write(request["target"], atoms, format=request["format"])
            last = atoms[-1]
            answer = {"symbols": list(last.symbols), "positions": last.positions.ravel().tolist(), "cell": last.cell.array.ravel().tolist(),
                      "energy": None, "forces": None, "stress": None, "velocities": last.get_velocities().ravel().tolist(), "frames": len(atoms)}
            if last.calc is not None:
                answer["energy"] = last.get_potential_energy()
                answer["forces"] = last.get_forces().ravel().tolist()
                answer["stress"] = last.get_stress().tolist()
            return answer
        """;

    private readonly PythonRunner _python = new(new ToolRunner());
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Extended_XYZ_means_the_same_to_ASE_and_comes_back_from_it()
    {
        var written = Configurations.Rotated();
        ExtendedXyz.Write(_folder.File("ours.xyz"), [written, written]);
        var ase = await RunAse("ours.xyz", "ase.xyz", "extxyz");

        ase.Frames.ShouldBe(2);
        ase.Symbols.ShouldBe(written.Symbols);
        ase.Positions.ShouldBe(written.Positions);
        ase.Cell.ShouldBe(written.Cell!.Rows.ToArray());
        ase.Energy!.Value.ShouldBe(written.Label!.Energy);
        ase.Forces!.ShouldBe(written.Label.Forces);
        ase.Stress!.ShouldBe(written.Label.Stress!, 1e-15);
        // ASE's unit of velocity is √(eV/amu) = 0.0982 Å/fs; its constants are those of 2014.
        ase.Velocities.ShouldBe([.. written.Velocities!.Select(v => v * 10.180505670)], 1e-7);

        var back = ExtendedXyz.Read(_folder.File("ase.xyz"), requireLabels: true).Last();
        back.Symbols.ShouldBe(written.Symbols);
        back.Types.ShouldBe(written.Types);
        back.Positions.ShouldBe(written.Positions, 1e-8);
        back.Label!.Forces.ShouldBe(written.Label.Forces, 1e-8);
        back.Label.Stress!.ShouldBe(written.Label.Stress!, 1e-12);
        back.Velocities!.ShouldBe(written.Velocities!, 1e-8);
    }

    [Fact]
    public async Task Poscar_means_the_same_to_ASE_and_comes_back_from_it()
    {
        var written = Configurations.Rotated();
        Poscar.Write(_folder.File("ours.vasp"), written);
        var ase = await RunAse("ours.vasp", "ase.vasp", "vasp");
        ase.Symbols.ShouldBe(written.Symbols);
        ase.Positions.ShouldBe(written.Positions, 1e-10);
        Poscar.Read(_folder.File("ase.vasp")).Positions.ShouldBe(written.Positions, 1e-10);
    }

    private Task<AseAnswer> RunAse(string source, string target, string format) =>
        _python.RunAsync<AseAnswer>(new PythonScript("convert", Script), new { Source = _folder.File(source), Target = _folder.File(target), Format = format }, _folder.Path);

    private sealed record AseAnswer(
        string[] Symbols, double[] Positions, double[] Cell, double? Energy, double[]? Forces, double[]? Stress, double[] Velocities, int Frames);
}
