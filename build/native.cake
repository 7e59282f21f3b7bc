// The shared library three times, one per instruction set; the dynamic linker picks one through glibc-hwcaps.
void PublishNativeLibraries(DirectoryPath artifacts)
{
    PublishNativeLibrary("baseline", "", artifacts.Combine("lib"));
    PublishNativeLibrary("x86-64-v3", "x86-x64-v3", artifacts.Combine("lib/glibc-hwcaps/x86-64-v3"));
    PublishNativeLibrary("x86-64-v4", "x86-x64-v4", artifacts.Combine("lib/glibc-hwcaps/x86-64-v4"));
}

void PublishNativeLibrary(string name, string instructionSet, DirectoryPath destination)
{
    throw new NotImplementedException();
}

// The pair styles, the launcher and mofload.lmp against the installed LAMMPS.
void BuildLammpsStyles(DirectoryPath artifacts)
{
    Run("make", $"--silent -C PairStyleNative/lammps OUT={artifacts.FullPath}");
}
