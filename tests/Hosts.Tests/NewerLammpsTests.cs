namespace MofInterop.Hosts.Tests;

[Collection(nameof(PeerLammps))]
public class PeerLoaderTests(PeerLammps lammps) : NewerLammpsTests(lammps);

[Collection(nameof(NewestLammps))]
public class NewestLoaderTests(NewestLammps lammps) : NewerLammpsTests(lammps);

/// <summary>The launcher and mofload.lmp, built for a LAMMPS newer than the installed one.</summary>
public abstract class NewerLammpsTests(PluginLammps lammps)
{
    [SkippableTheory]
    [InlineData(Loader.Launcher, "Ta06A_zbl_overlay", 1)]
    [InlineData(Loader.Launcher, "ZIF8_published_rattled", 2)]
    [InlineData(Loader.Script, "Ta06A_zbl_overlay", 1)]
    [InlineData(Loader.Script, "ZIF8_published_rattled", 2)]
    public async Task The_styles_give_the_numbers_of_ML_SNAP_and_are_there_again_after_clear(Loader loader, string name, int ranks)
    {
        var reference = SnapReference.Load(name);
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        string Script(string dump) => Evaluation.Script(reference.StyleLines(), dump: dump);

        var outcome = await lammps.RunAsync(folder, $"{Script("first.dump")}clear\n{Script("again.dump")}", loader, ranks);

        Evaluation.Read(folder, outcome, "first.dump").ShouldAgreeWith(reference.Expected);
        Evaluation.Read(folder, outcome, "again.dump").ShouldAgreeWith(reference.Expected);
    }
}
