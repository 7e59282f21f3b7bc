using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Zeopp;

namespace MofInterop.Cli.Doctor;

/// <summary>Looks for Zeo++. Pores are measured without it, so its absence is no fault.</summary>
internal static class ZeoppExamination
{
    private const string Name = "zeo++";
    private const string Purpose = "only for comparing pores with it (pores --zeopp, zeopp: true)";

    public static async Task<Finding> ExamineAsync(IToolRunner runner, string folder, CancellationToken cancellation)
    {
        try
        {
            if (ZeoppTool.Find() is not { } path)
            {
                return new Finding(Name, true, $"none here (its program 'network', on PATH or named by MOFINTEROP_NETWORK); {Purpose}");
            }

            return await new ZeoppTool(runner, path).IsZeoppAsync(folder, cancellation)
                ? new Finding(Name, true, $"{path}; {Purpose}")
                : new Finding(Name, false, $"{path} is not Zeo++'s 'network'") { Remedy = "Set MOFINTEROP_NETWORK to the path of Zeo++'s program, or leave it away: it is optional." };
        }
        catch (MofException exception)
        {
            return new Finding(Name, false, exception.Message);
        }
    }
}
