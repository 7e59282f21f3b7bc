using System.Runtime.InteropServices;

namespace MofInterop.Hosts.Tests.Kim;

/// <summary>The simulator's side of libkim-api; enumerations are <c>struct { int }</c>, passed as that number.</summary>
internal static unsafe partial class KimLibrary
{
    private const string Name = "libkim-api.so.2";

    /// <summary>Whether it is installed.</summary>
    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Name, out _);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport(Name, EntryPoint = "KIM_LengthUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LengthUnit(string name);

    [LibraryImport(Name, EntryPoint = "KIM_EnergyUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EnergyUnit(string name);

    [LibraryImport(Name, EntryPoint = "KIM_ChargeUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChargeUnit(string name);

    [LibraryImport(Name, EntryPoint = "KIM_TemperatureUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TemperatureUnit(string name);

    [LibraryImport(Name, EntryPoint = "KIM_TimeUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TimeUnit(string name);

    [LibraryImport(Name, EntryPoint = "KIM_Numbering_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Numbering(string name);

    [LibraryImport(Name, EntryPoint = "KIM_LanguageName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LanguageName(string name);

    [LibraryImport(Name, EntryPoint = "KIM_SpeciesName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SpeciesName(string name);

    [LibraryImport(Name, EntryPoint = "KIM_ComputeArgumentName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ArgumentName(string name);

    [LibraryImport(Name, EntryPoint = "KIM_ComputeCallbackName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CallbackName(string name);

    [LibraryImport(Name, EntryPoint = "KIM_Log_PushDefaultPrintFunction")]
    public static partial void PushLog(int language, void* function);

    [LibraryImport(Name, EntryPoint = "KIM_Log_PopDefaultPrintFunction")]
    public static partial void PopLog();

    [LibraryImport(Name, EntryPoint = "KIM_Model_Create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Create(int numbering, int length, int energy, int charge, int temperature, int time, string name, out int unitsAccepted, out nint model);

    [LibraryImport(Name, EntryPoint = "KIM_Model_Destroy")]
    public static partial void Destroy(ref nint model);

    [LibraryImport(Name, EntryPoint = "KIM_Model_GetInfluenceDistance")]
    public static partial void GetInfluenceDistance(nint model, out double distance);

    [LibraryImport(Name, EntryPoint = "KIM_Model_GetNeighborListPointers")]
    public static partial void GetNeighborLists(nint model, out int count, out double* cutoffs, out int* noNeighborsOfNoncontributing);

    [LibraryImport(Name, EntryPoint = "KIM_Model_GetSpeciesSupportAndCode")]
    public static partial int GetSpecies(nint model, int species, out int supported, out int code);

    [LibraryImport(Name, EntryPoint = "KIM_Model_ComputeArgumentsCreate")]
    public static partial int CreateArguments(nint model, out nint arguments);

    [LibraryImport(Name, EntryPoint = "KIM_Model_ComputeArgumentsDestroy")]
    public static partial int DestroyArguments(nint model, ref nint arguments);

    [LibraryImport(Name, EntryPoint = "KIM_ComputeArguments_SetArgumentPointerInteger")]
    public static partial int SetIntegers(nint arguments, int name, int* values);

    [LibraryImport(Name, EntryPoint = "KIM_ComputeArguments_SetArgumentPointerDouble")]
    public static partial int SetDoubles(nint arguments, int name, double* values);

    [LibraryImport(Name, EntryPoint = "KIM_ComputeArguments_SetCallbackPointer")]
    public static partial int SetCallback(nint arguments, int name, int language, void* function, nint data);

    [LibraryImport(Name, EntryPoint = "KIM_Model_Compute")]
    public static partial int Compute(nint model, nint arguments);
}
