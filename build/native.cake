// The shared library three times, one per instruction set; the dynamic linker picks one through glibc-hwcaps.
void PublishNativeLibraries(DirectoryPath artifacts)
{
    DotNetBuild("PairStyleNative/CAbi/MofInterop.CAbi.csproj", new DotNetBuildSettings
    {
        Configuration = configuration,
        Verbosity = DotNetVerbosity.Quiet,
        MSBuildSettings = new DotNetMSBuildSettings { NodeReuse = false }
            .WithTarget("PublishNativeLibraries")
            .WithProperty("LibraryFolder", artifacts.Combine("lib").FullPath),
    });
}

// The pair styles, the launcher and mofload.lmp against the installed LAMMPS.
void BuildLammpsStyles(DirectoryPath artifacts)
{
    Run("make", $"--silent -C PairStyleNative/lammps OUT={artifacts.FullPath}");
}
