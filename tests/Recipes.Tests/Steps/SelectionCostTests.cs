using System.Diagnostics;
using System.Globalization;
using System.Text;
using MofInterop.Lammps;
using MofInterop.Learning;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.TestKit;
using Xunit.Abstractions;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>What selection costs, from the dumps of LAMMPS to the frames that join.</summary>
public sealed class SelectionCostTests(ITestOutputHelper output) : IDisposable
{
    private const int Threads = 2, Runs = 100, FramesOfRun = 1000;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("selection-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    /// <summary>
    /// Counted, on two threads: parsing the dump and looking for blow-ups, parsing it again and holding every frame against the bond graph, writing the
    /// archive, reading it, finding the bins of every frame, offering. Not counted: writing the dumps, which is LAMMPS's part. The files are in the
    /// system's cache, as they are when LAMMPS has just written them.
    /// </summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_hundred_thousand_frames_of_424_atoms_are_selected_from_in_five_minutes_on_two_cores()
    {
        var mof5 = TypedStructure.Of(await ProgramUnderTest.Structures.ReadOneAsync(Path.Combine(Repository.Root, "Recipes", "library", "mof5.cif"), false, CancellationToken.None));
        mof5.Configuration.Count.ShouldBe(424);
        var run = new LammpsRun { Name = "cost", Start = mof5.Configuration, Potential = LammpsPotential.ModelCard("none.mof.yaml", mof5.Labels), Stages = [] };
        var selection = new CbadSelection(mof5.Graph, mof5.Configuration.Types!);
        selection.Offer(mof5.Configuration);
        var archives = new FrameArchive[Runs];
        var parsing = new Stopwatch();
        for (var first = 0; first < Runs; first += Threads)
        {
            string[] folders = [.. Enumerable.Range(first, Threads).Select(k => Directory.CreateDirectory(Path.Combine(_folder, $"{k}")).FullName)];
            Parallel.For(0, Threads, k => WriteDump(Path.Combine(folders[k], "frames.lammpstrj"), mof5.Configuration, first + k));
            parsing.Start();
            Parallel.For(0, Threads, k =>
            {
                var outcome = LammpsOutput.Read(run, folders[k]);
                var path = Path.Combine(_folder, $"{first + k}.frames");
                FrameArchive.Write(path, 424, outcome.Frames.Select(frame => frame.Configuration).TakeWhile(frame => mof5.Graph.FindBreak(frame) is null));
                archives[first + k] = new FrameArchive(path, mof5.Configuration);
            });
            parsing.Stop();
            Array.ForEach(folders, folder => Directory.Delete(folder, true));
        }

        archives.Sum(archive => archive.Count).ShouldBe(Runs * FramesOfRun);
        var judging = Stopwatch.StartNew();
        using var ordered = new OrderedSelection(new BinExaminer(selection, FramePick.MostNew), _ => { }, Threads);
        await Task.WhenAll(archives.Select((frames, index) => ordered.AddAsync(index, frames, CancellationToken.None)));
        var chosen = ordered.Choices;
        judging.Stop();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Runs * FramesOfRun} frames: {parsing.Elapsed.TotalSeconds:0.0} s from dump to archive, {judging.Elapsed.TotalSeconds:0.0} s from archive to {chosen.Count} chosen frames"));
        chosen.Count.ShouldBeInRange(10, Runs);
        (parsing.Elapsed + judging.Elapsed).ShouldBeLessThan(_limit);
    }

    private static void WriteDump(string path, AtomicConfiguration structure, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        using var writer = new StreamWriter(path);
        for (var frame = 0; frame < FramesOfRun; frame++)
        {
            var edge = structure.Cell!.Rows[0] * (1 + 0.002 * (random.NextDouble() - 0.5));
            text.Clear().Append(CultureInfo.InvariantCulture, $"ITEM: TIMESTEP\n{frame}\nITEM: NUMBER OF ATOMS\n{structure.Count}\nITEM: BOX BOUNDS xy xz yz pp pp pp\n");
            text.Append(CultureInfo.InvariantCulture, $"0 {edge:g17} 0\n0 {edge:g17} 0\n0 {edge:g17} 0\nITEM: ATOMS id type xu yu zu\n");
            for (var atom = 0; atom < structure.Count; atom++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{atom + 1} 1");
                for (var k = 0; k < 3; k++)
                {
                    text.Append(CultureInfo.InvariantCulture, $" {structure.Positions[3 * atom + k] + 0.08 * (random.NextDouble() - 0.5):g12}");
                }

                text.Append('\n');
            }

            writer.Write(text);
        }
    }
}
