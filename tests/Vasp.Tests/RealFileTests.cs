using MofInterop.Execution;
using MofInterop.PythonHost;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Vasp.Tests;

/// <summary>Files of real runs, where the reference data has them (folder <c>vasp</c>): ASE and this suite read the same.</summary>
public class RealFileTests
{
    private const string Script = """
        from ase.io import read


        def run(request):
            answer = []
            for name, form in request["files"].items():
                try:
                    frames = read(name, index=":", format=form)
                    answer.append({"file": name, "frames": [{
                        "symbols": list(one.symbols), "positions": one.positions.ravel().tolist(), "cell": one.cell.array.ravel().tolist(),
                        "free": one.calc.results.get("free_energy"), "energy": one.calc.results.get("energy"),
                        "forces": one.calc.results["forces"].ravel().tolist() if "forces" in one.calc.results and one.calc.results["forces"] is not None else None,
                        "stress": one.calc.results["stress"].tolist() if one.calc.results.get("stress") is not None else None} for one in frames]})
                except Exception as problem:
                    answer.append({"file": name, "problem": str(problem), "frames": None})
            return answer
        """;

    [SkippableFact]
    public async Task Every_file_is_read_as_ASE_reads_it()
    {
        var folder = ReferenceData.Find("vasp");
        Skip.If(folder is null, "reference data absent: vasp");
        string[] files = [.. Directory.EnumerateFiles(folder!).Where(file => VaspTrajectory.IsXml(file) || VaspTrajectory.IsOutcar(file)).Order(StringComparer.Ordinal)];
        var answers = await new PythonRunner(new ToolRunner()).RunAsync<AseFile[]>(
            new PythonScript("read", Script), new { Files = files.ToDictionary(file => file, file => VaspTrajectory.IsXml(file) ? "vasp-xml" : "vasp-out") }, Path.GetTempPath());
        var compared = 0;
        foreach (var answer in answers.Where(answer => answer.Frames is not null))
        {
            var name = Path.GetFileName(answer.File);
            var notes = new List<string>();
            VaspIonicStep[] steps = [.. VaspTrajectory.IsOutcar(answer.File) ? Outcar.Read(answer.File, notes.Add) : VaspXml.Read(answer.File, notes.Add)];
            steps.Length.ShouldBe(answer.Frames!.Length, $"{name}: {string.Join("; ", notes)}");
            foreach (var (step, ase) in steps.Zip(answer.Frames))
            {
                step.Configuration.Symbols.ShouldBe(ase.Symbols, name);
                step.Configuration.Positions.ShouldBe(ase.Positions, 1e-6, name);
                step.Configuration.Cell!.Rows.ToArray().ShouldBe(ase.Cell, 1e-8, name);
                step.FreeEnergy.ShouldBe(ase.Free!.Value, 1e-7, name);
                step.ExtrapolatedEnergy.ShouldBe(ase.Energy!.Value, 1e-7, name);
                step.Forces.ShouldNotBeNull(name).ShouldBe(ase.Forces!, 1e-7, name);
                (step.Stress is null).ShouldBe(ase.Stress is null, name);

                // Where the file's tensor is not quite symmetric, ASE takes one half and this suite the mean.
                step.Stress?.ShouldBe(ase.Stress!, 1e-5, name);
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(0);
    }

    private sealed record AseFile(string File, AseFrame[]? Frames, string? Problem = null);

    private sealed record AseFrame(string[] Symbols, double[] Positions, double[] Cell, double? Free, double? Energy, double[]? Forces, double[]? Stress);
}
