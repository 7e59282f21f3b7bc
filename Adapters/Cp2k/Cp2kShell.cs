using System.Globalization;
using System.Text;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cp2k;

/// <summary>
/// The line protocol of <c>cp2k_shell</c> (shell version 6.0 of CP2K 2023.1 and later): a request is one or more lines; the answer is every
/// line up to <c>* READY</c>. Lengths in bohr, energies in hartree (the shell's own default), so that only our constants convert.
/// </summary>
internal sealed class Cp2kShell : IAsyncDisposable
{
    private const string Ready = "* READY";
    private readonly IToolSession _session;
    private readonly string _name;

    private Cp2kShell(IToolSession session, string name)
    {
        _session = session;
        _name = name;
    }

    /// <summary>Starts the program and waits until it is ready.</summary>
    public static async Task<Cp2kShell> StartAsync(IToolRunner runner, ToolCommand command, CancellationToken cancellation)
    {
        var shell = new Cp2kShell(runner.Start(command), command.Name);
        try
        {
            await shell.AnswerAsync(cancellation).ConfigureAwait(false);
            await shell.AskAsync("UNITS_AU", cancellation).ConfigureAwait(false);
            return shell;
        }
        catch
        {
            await shell.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Loads a deck; returns the number of the environment and what CP2K printed.</summary>
    public async Task<(int Environment, List<string> Printed)> LoadAsync(string inputFile, CancellationToken cancellation)
    {
        // Output goes to the pipe: what belongs to a request then comes before its "* READY", unbuffered and in order.
        var answer = await AskAsync($"LOAD {inputFile} __STD_OUT__", cancellation).ConfigureAwait(false);
        return int.TryParse(answer.LastOrDefault(), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var environment) && environment > 0
            ? (environment, answer)
            : throw Unexpected($"LOAD {inputFile}", answer, "the number of the new environment");
    }

    public Task DestroyAsync(int environment, CancellationToken cancellation) => AskAsync($"DESTROY {environment}", cancellation);

    /// <summary>Sets the cell: rows a, b, c, <c>[9]</c>, bohr.</summary>
    public Task SetCellAsync(int environment, ReadOnlySpan<double> rows, CancellationToken cancellation) =>
        AskAsync($"SET_CELL {environment}{Numbers(rows)}", cancellation);

    /// <summary>Sets the positions: <c>[3N]</c>, bohr.</summary>
    public Task SetPositionsAsync(int environment, ReadOnlySpan<double> positions, CancellationToken cancellation) =>
        AskAsync($"SET_POS {environment}\n{positions.Length}{Numbers(positions)}\n*END", cancellation);

    /// <summary>Computes energy and forces; returns what CP2K printed.</summary>
    public Task<List<string>> EvaluateAsync(int environment, CancellationToken cancellation) => AskAsync($"EVAL_EF {environment}", cancellation);

    /// <summary>Energy, hartree.</summary>
    public async Task<double> EnergyAsync(int environment, CancellationToken cancellation)
    {
        var answer = await AskAsync($"GET_E {environment}", cancellation).ConfigureAwait(false);
        return Parse("GET_E", answer, 1)[0];
    }

    /// <summary>Forces, <c>[3N]</c>, hartree/bohr.</summary>
    public async Task<double[]> ForcesAsync(int environment, int atoms, CancellationToken cancellation)
    {
        var answer = await AskAsync($"GET_F {environment}", cancellation).ConfigureAwait(false);
        var expected = (3 * atoms).ToString(CultureInfo.InvariantCulture);
        return answer.Count > 2 && answer[0].Trim() == expected && answer[^1].Trim() == "* END"
            ? Parse("GET_F", answer.GetRange(1, answer.Count - 2), 3 * atoms)
            : throw Unexpected("GET_F", answer, $"{expected}, that many numbers and '* END'");
    }

    /// <summary>The tensor +W/V, <c>[9]</c>, hartree/bohr³ (symmetric).</summary>
    public async Task<double[]> StressAsync(int environment, CancellationToken cancellation)
    {
        var answer = await AskAsync($"GET_STRESS {environment}", cancellation).ConfigureAwait(false);
        return Parse("GET_STRESS", answer, 9);
    }

    public async ValueTask DisposeAsync() => await _session.DisposeAsync().ConfigureAwait(false);

    private async Task<List<string>> AskAsync(string request, CancellationToken cancellation)
    {
        await _session.WriteLineAsync(request, cancellation).ConfigureAwait(false);
        var answer = await AnswerAsync(cancellation).ConfigureAwait(false);
        var error = answer.Find(line => line.StartsWith("* ERROR", StringComparison.Ordinal));
        return error is null ? answer : throw Unexpected(FirstLine(request), answer, "no error");
    }

    private async Task<List<string>> AnswerAsync(CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (await _session.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (line.Trim() == Ready)
            {
                return lines;
            }

            lines.Add(line);
        }

        var reason = Cp2kOutput.AbortMessage(lines) ?? string.Join(" | ", lines.Where(line => line.Trim().Length > 0).TakeLast(5).Select(line => line.Trim()));
        throw new MofException(ErrorKind.ToolFailure, reason.Length == 0 ? "CP2K ended without a word" : $"CP2K ended: {reason}", _name, Ready);
    }

    private double[] Parse(string request, List<string> answer, int count)
    {
        var words = string.Join(' ', answer).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            if (words.Length != count || !double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
            {
                throw Unexpected(request, answer, $"{count} numbers");
            }
        }

        return values;
    }

    private MofException Unexpected(string request, List<string> answer, string expected)
    {
        var shown = answer.Count == 0 ? "nothing" : $"'{string.Join(" | ", answer.TakeLast(3).Select(line => line.Trim()))}'";
        return new MofException(ErrorKind.ToolFailure, $"CP2K answered {shown} to {request}", _name, expected);
    }

    /// <summary>Three numbers a line: CP2K reads free format, and a line must stay short.</summary>
    private static string Numbers(ReadOnlySpan<double> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            text.Append(i % 3 == 0 ? '\n' : ' ').Append(values[i].ToString("E17", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static string FirstLine(string request) => request.Split('\n')[0];
}
