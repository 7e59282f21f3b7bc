using System.Runtime.InteropServices;

namespace MofInterop.Kim;

/// <summary>Where the two native libraries come from.</summary>
internal static class Libraries
{
    private static int _prepared;

    /// <summary>To be called before any other native call.</summary>
    public static void Prepare()
    {
        if (Interlocked.Exchange(ref _prepared, 1) == 0)
        {
            // By bare name: libkim-api is in the process already, and for libmofpotential the dynamic linker looks along this
            // file's rpath and, there, for the build that fits the processor.
            NativeLibrary.SetDllImportResolver(typeof(Libraries).Assembly, (name, _, _) => NativeLibrary.Load(name));
        }
    }
}
