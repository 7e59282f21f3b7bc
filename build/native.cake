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

// The KIM model driver, and the script that makes portable models for it; kim-api itself is not needed for that.
void BuildKimDriver(DirectoryPath artifacts)
{
    DotNetBuild("PairStyleNative/kim/MofInterop.Kim.csproj", new DotNetBuildSettings
    {
        Configuration = configuration,
        Verbosity = DotNetVerbosity.Quiet,
        MSBuildSettings = new DotNetMSBuildSettings { NodeReuse = false }
            .WithTarget("PublishModelDriver")
            .WithProperty("DriverFolder", artifacts.Combine("kim/model-drivers").FullPath),
    });
    EnsureDirectoryExists(artifacts.Combine("bin"));
    CopyFile("PairStyleNative/kim/mofinterop-kim-model.sh", artifacts.CombineWithFilePath("bin/mofinterop-kim-model"));
    Run("chmod", $"+x {artifacts.FullPath}/bin/mofinterop-kim-model");
}
