using System.Runtime.InteropServices;

namespace MofInterop.Kim;

/// <summary>
/// A value of one of KIM's enumerations, <c>struct { int }</c> in C: passed and returned as that number. Found by its name,
/// which is the stable part.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct KimValue(int Id);

/// <summary>The functions of libkim-api that a model driver calls; objects of KIM are opaque addresses. Status 0 is success.</summary>
internal static unsafe partial class KimApi
{
    private const string Library = "libkim-api.so.2";

    [LibraryImport(Library, EntryPoint = "KIM_LengthUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue LengthUnit(string name);

    [LibraryImport(Library, EntryPoint = "KIM_EnergyUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue EnergyUnit(string name);

    [LibraryImport(Library, EntryPoint = "KIM_ChargeUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue ChargeUnit(string name);

    [LibraryImport(Library, EntryPoint = "KIM_TemperatureUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue TemperatureUnit(string name);

    [LibraryImport(Library, EntryPoint = "KIM_TimeUnit_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue TimeUnit(string name);

    [LibraryImport(Library, EntryPoint = "KIM_Numbering_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue Numbering(string name);

    [LibraryImport(Library, EntryPoint = "KIM_LanguageName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue LanguageName(string name);

    [LibraryImport(Library, EntryPoint = "KIM_ModelRoutineName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue RoutineName(string name);

    [LibraryImport(Library, EntryPoint = "KIM_SupportStatus_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue SupportStatus(string name);

    [LibraryImport(Library, EntryPoint = "KIM_ComputeArgumentName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue ArgumentName(string name);

    [LibraryImport(Library, EntryPoint = "KIM_LogVerbosity_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue LogVerbosity(string name);

    [LibraryImport(Library, EntryPoint = "KIM_SpeciesName_FromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KimValue SpeciesName(string name);

    [LibraryImport(Library, EntryPoint = "KIM_SpeciesName_Known")]
    public static partial int IsKnownSpecies(KimValue species);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_GetParameterFileDirectoryName")]
    public static partial void GetParameterDirectory(nint driver, out byte* path);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_GetNumberOfParameterFiles")]
    public static partial void GetParameterFileCount(nint driver, out int count);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_GetParameterFileBasename")]
    public static partial int GetParameterFileName(nint driver, int index, out byte* name);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_SetModelNumbering")]
    public static partial int SetNumbering(nint driver, KimValue numbering);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_SetUnits")]
    public static partial int SetUnits(nint driver, KimValue length, KimValue energy, KimValue charge, KimValue temperature, KimValue time);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_ConvertUnit")]
    public static partial int ConvertUnit(
        KimValue fromLength, KimValue fromEnergy, KimValue fromCharge, KimValue fromTemperature, KimValue fromTime,
        KimValue toLength, KimValue toEnergy, KimValue toCharge, KimValue toTemperature, KimValue toTime,
        double lengthExponent, double energyExponent, double chargeExponent, double temperatureExponent, double timeExponent,
        out double factor);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_SetRoutinePointer")]
    public static partial int SetRoutine(nint driver, KimValue routine, KimValue language, int required, void* function);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_SetSpeciesCode")]
    public static partial int SetSpeciesCode(nint driver, KimValue species, int code);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_SetInfluenceDistancePointer")]
    public static partial void SetInfluenceDistance(nint driver, double* distance);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_SetNeighborListPointers")]
    public static partial void SetNeighborLists(nint driver, int count, double* cutoffs, int* noNeighborsOfNoncontributing);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_SetModelBufferPointer")]
    public static partial void SetModelBuffer(nint driver, nint buffer);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDriverCreate_LogEntry", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void LogCreate(nint driver, KimValue verbosity, string message, int line, string file);

    [LibraryImport(Library, EntryPoint = "KIM_ModelDestroy_GetModelBufferPointer")]
    public static partial void GetBufferOfDestroy(nint model, out nint buffer);

    [LibraryImport(Library, EntryPoint = "KIM_ModelCompute_GetModelBufferPointer")]
    public static partial void GetBufferOfCompute(nint model, out nint buffer);

    [LibraryImport(Library, EntryPoint = "KIM_ModelCompute_LogEntry", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void LogCompute(nint model, KimValue verbosity, string message, int line, string file);

    [LibraryImport(Library, EntryPoint = "KIM_ModelComputeArgumentsCreate_SetArgumentSupportStatus")]
    public static partial int SetArgumentSupport(nint arguments, KimValue argument, KimValue support);

    [LibraryImport(Library, EntryPoint = "KIM_ModelComputeArgumentsCreate_SetModelBufferPointer")]
    public static partial void SetArgumentsBuffer(nint arguments, nint buffer);

    [LibraryImport(Library, EntryPoint = "KIM_ModelComputeArgumentsDestroy_GetModelBufferPointer")]
    public static partial void GetBufferOfArgumentsDestroy(nint arguments, out nint buffer);

    [LibraryImport(Library, EntryPoint = "KIM_ModelComputeArguments_GetModelBufferPointer")]
    public static partial void GetBufferOfArguments(nint arguments, out nint buffer);

    [LibraryImport(Library, EntryPoint = "KIM_ModelComputeArguments_GetArgumentPointerInteger")]
    public static partial int GetIntegers(nint arguments, KimValue argument, out int* values);

    [LibraryImport(Library, EntryPoint = "KIM_ModelComputeArguments_GetArgumentPointerDouble")]
    public static partial int GetDoubles(nint arguments, KimValue argument, out double* values);

    [LibraryImport(Library, EntryPoint = "KIM_ModelComputeArguments_GetNeighborList")]
    public static partial int GetNeighbors(nint arguments, int list, int particle, out int count, out int* neighbors);
}
