using System.Diagnostics;

namespace MofInterop.CAbi.Tests;

/// <summary>Compilers, and what they make.</summary>
internal static class NativeProgram
{
    /// <summary>Compiles with all warnings as errors; fails the test if that fails.</summary>
    public static void Compile(string compiler, params string[] arguments)
    {
        var (status, _, error) = Run(compiler, ["-Wall", "-Wextra", "-Werror", .. arguments]);
        status.ShouldBe(0, error);
    }

    /// <summary>Runs a program to its end; skips the test where it is not installed.</summary>
    public static (int Status, string Output, string Error) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new SkipException($"{program} is not installed");
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
    }
}
