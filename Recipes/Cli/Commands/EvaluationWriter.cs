using System.Globalization;
using System.Text.Json.Nodes;
using MofInterop.Structures;

namespace MofInterop.Cli.Commands;

/// <summary>Prints evaluated frames one after another.</summary>
internal abstract class EvaluationWriter(TextWriter writer)
{
    protected TextWriter Writer { get; } = writer;

    public static EvaluationWriter Create(string format, TextWriter writer) => format switch
    {
        "json" => new JsonLines(writer),
        "extxyz" => new Frames(writer),
        _ => new Table(writer),
    };

    /// <summary>Prints a frame whose label holds the results.</summary>
    public abstract void Write(AtomicConfiguration frame);

    private sealed class Table(TextWriter writer) : EvaluationWriter(writer)
    {
        private int _frame;

        public override void Write(AtomicConfiguration frame)
        {
            var label = frame.Label!;
            Line($"frame {++_frame}: {frame.Count} atoms");
            Line($"energy  {label.Energy,18:F9} eV   ({label.Energy / frame.Count:F9} eV/atom)");
            if (label.Stress is { } stress)
            {
                Line($"stress  {string.Join(' ', stress.Select(value => value.ToString("0.00000000e+00", CultureInfo.InvariantCulture)))} eV/angstrom^3 (xx yy zz yz xz xy)");
            }

            Line($"{"atom",6} {"type",-6} {"Fx",16} {"Fy",16} {"Fz",16}  eV/angstrom");
            for (var i = 0; i < frame.Count; i++)
            {
                var type = (frame.Types ?? frame.Symbols)[i];
                Line($"{i + 1,6} {type,-6} {label.Forces[3 * i],16:F9} {label.Forces[3 * i + 1],16:F9} {label.Forces[3 * i + 2],16:F9}");
            }
        }

        private void Line(FormattableString text) => Writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One JSON object a line and frame.</summary>
    private sealed class JsonLines(TextWriter writer) : EvaluationWriter(writer)
    {
        public override void Write(AtomicConfiguration frame)
        {
            var label = frame.Label!;
            var forces = Enumerable.Range(0, frame.Count).Select(i => (JsonNode)Array(label.Forces.AsSpan(3 * i, 3)));
            Writer.WriteLine(new JsonObject
            {
                ["energy"] = label.Energy,
                ["stress"] = label.Stress is { } stress ? Array(stress) : null,
                ["forces"] = new JsonArray([.. forces]),
                ["types"] = new JsonArray([.. (frame.Types ?? frame.Symbols).Select(type => (JsonNode)type)]),
            }.ToJsonString());
        }

        private static JsonArray Array(ReadOnlySpan<double> values)
        {
            var array = new JsonArray();
            foreach (var value in values)
            {
                array.Add(value);
            }

            return array;
        }
    }

    private sealed class Frames(TextWriter writer) : EvaluationWriter(writer)
    {
        public override void Write(AtomicConfiguration frame) => ExtendedXyz.Write(Writer, frame);
    }
}
