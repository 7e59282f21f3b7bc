using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MofInterop.Kim;

/// <summary>
/// The routines that KIM calls; each returns 0, or 1 after an entry in KIM's log (kim.log in the working folder). Nothing
/// throws across.
/// </summary>
internal static unsafe class DriverExports
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int True = 1;

    [UnmanagedCallersOnly(EntryPoint = "mof_kim_driver_create")]
    public static int Create(nint driver, KimValue length, KimValue energy, KimValue charge, KimValue temperature, KimValue time)
    {
        try
        {
            Libraries.Prepare();
            if (PotentialApi.Version() != PotentialApi.AbiVersion)
            {
                throw new KimException($"libmofpotential.so has version {PotentialApi.Version()}, expected {PotentialApi.AbiVersion}: use the two files of one build");
            }

            SetRoutines(driver);
            KimApi.SetModelBuffer(driver, Keep(new Model(driver, length, energy)));
            return Success;
        }
        catch (Exception failure)
        {
            return Log(driver, failure, &KimApi.LogCreate);
        }
    }

    // Refresh is absent: it belongs to parameters that a simulator may change, and KIM refuses it without any.
    private static void SetRoutines(nint driver)
    {
        var c = KimApi.LanguageName("c");
        var failed = KimApi.SetNumbering(driver, KimApi.Numbering("zeroBased"));
        failed |= KimApi.SetRoutine(driver, KimApi.RoutineName("ComputeArgumentsCreate"), c, True, (delegate* unmanaged<nint, nint, int>)&CreateArguments);
        failed |= KimApi.SetRoutine(driver, KimApi.RoutineName("Compute"), c, True, (delegate* unmanaged<nint, nint, int>)&Compute);
        failed |= KimApi.SetRoutine(driver, KimApi.RoutineName("ComputeArgumentsDestroy"), c, True, (delegate* unmanaged<nint, nint, int>)&DestroyArguments);
        failed |= KimApi.SetRoutine(driver, KimApi.RoutineName("Destroy"), c, True, (delegate* unmanaged<nint, int>)&Destroy);
        if (failed != 0)
        {
            throw new KimException("KIM refuses the driver's routines");
        }
    }

    [UnmanagedCallersOnly]
    private static int CreateArguments(nint model, nint arguments)
    {
        try
        {
            var optional = KimApi.SupportStatus("optional");
            foreach (var name in (ReadOnlySpan<KimValue>)[
                Computation.Names.Energy, Computation.Names.Forces, Computation.Names.ParticleEnergy,
                Computation.Names.Virial, Computation.Names.ParticleVirial])
            {
                if (KimApi.SetArgumentSupport(arguments, name, optional) != 0)
                {
                    throw new KimException("KIM refuses one of the driver's results");
                }
            }

            KimApi.SetArgumentsBuffer(arguments, Keep(new Computation()));
            return Success;
        }
        catch (Exception failure)
        {
            return Log(model, failure, &KimApi.LogCompute);
        }
    }

    [UnmanagedCallersOnly]
    private static int Compute(nint model, nint arguments)
    {
        try
        {
            KimApi.GetBufferOfCompute(model, out var modelBuffer);
            KimApi.GetBufferOfArguments(arguments, out var argumentsBuffer);
            Kept<Computation>(argumentsBuffer).Run(Kept<Model>(modelBuffer), arguments);
            return Success;
        }
        catch (Exception failure)
        {
            return Log(model, failure, &KimApi.LogCompute);
        }
    }

    [UnmanagedCallersOnly]
    private static int DestroyArguments(nint model, nint arguments)
    {
        try
        {
            KimApi.GetBufferOfArgumentsDestroy(arguments, out var buffer);
            Release<Computation>(buffer);
            return Success;
        }
        catch (Exception failure)
        {
            return Log(model, failure, &KimApi.LogCompute);
        }
    }

    [UnmanagedCallersOnly]
    private static int Destroy(nint model)
    {
        try
        {
            KimApi.GetBufferOfDestroy(model, out var buffer);
            Release<Model>(buffer);
            return Success;
        }
        catch (Exception)
        {
            return Failure;
        }
    }

    private static int Log(nint kimObject, Exception failure, delegate*<nint, KimValue, string, int, string, void> log)
    {
        try
        {
            log(kimObject, KimApi.LogVerbosity("error"), "MofInterop: " + failure.Message, 0, nameof(DriverExports));
        }
        catch (Exception)
        {
            // Without libkim-api there is no log; the status is all that is left.
        }

        return Failure;
    }

    private static nint Keep(object value) => GCHandle.ToIntPtr(GCHandle.Alloc(value));

    private static T Kept<T>(nint handle)
        where T : class => Unsafe.As<T>(GCHandle.FromIntPtr(handle).Target!);

    private static void Release<T>(nint handle)
        where T : class, IDisposable
    {
        var kept = GCHandle.FromIntPtr(handle);
        ((T)kept.Target!).Dispose();
        kept.Free();
    }
}
