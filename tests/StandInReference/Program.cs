using MofInterop.StandIns;
using MofInterop.Structures;

// A fast, deterministic stand-in for a reference program: stand-in-reference INPUT OUTPUT [CALLS].
// Energy: every pair within 3.5 Å sits in a double well of Gaussians whose minima are the first and second neighbour distances
// of diamond. In the folder CALLS every finished label leaves a file with its energy, so that a test can count them.
const double FirstDepth = 3.6, FirstDistance = 1.545, SecondDepth = 0.9, SecondDistance = 2.52, Width = 0.28, Cutoff = 3.5;

var configuration = ExtendedXyz.Read(args[0]).Single();
var label = PairSum.Label(configuration, Cutoff, (_, _, distance) => Pair(distance));
ExtendedXyz.Write(args[1], configuration.With(label));
if (args.Length > 2)
{
    // A file of its own for each call: appended lines of two processes could overwrite each other.
    Directory.CreateDirectory(args[2]);
    File.WriteAllText(Path.Combine(args[2], Guid.NewGuid().ToString("N")), $"{label.Energy:R}");
}

static (double Value, double Slope) Pair(double distance)
{
    var (first, firstSlope) = Well(distance, FirstDepth, FirstDistance);
    var (second, secondSlope) = Well(distance, SecondDepth, SecondDistance);
    return (first + second, firstSlope + secondSlope);
}

static (double Value, double Slope) Well(double distance, double depth, double minimum)
{
    var x = (distance - minimum) / Width;
    var value = -depth * Math.Exp(-0.5 * x * x);
    return (value, -value * x / Width);
}
