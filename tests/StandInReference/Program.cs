using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

// A fast, deterministic stand-in for a reference program: stand-in-reference INPUT OUTPUT [CALLS].
// Energy: every pair within 3.5 Å sits in a double well of Gaussians whose minima are the first and second neighbour distances
// of diamond. In the folder CALLS every finished label leaves a file with its energy, so that a test can count them.
const double FirstDepth = 3.6, FirstDistance = 1.545, SecondDepth = 0.9, SecondDistance = 2.52, Width = 0.28, Cutoff = 3.5;

var configuration = ExtendedXyz.Read(args[0]).Single();
using var list = new NeighborList();
list.Build(configuration.Positions, configuration.Cell, true, true, true, Cutoff);
var label = Label();
ExtendedXyz.Write(args[1], configuration.With(label));
if (args.Length > 2)
{
    // A file of its own for each call: appended lines of two processes could overwrite each other.
    Directory.CreateDirectory(args[2]);
    File.WriteAllText(Path.Combine(args[2], Guid.NewGuid().ToString("N")), $"{label.Energy:R}");
}

unsafe ReferenceLabel Label()
{
    var view = list.View(new int[configuration.Count]);
    var forces = new double[3 * configuration.Count];
    var virial = new double[9];
    var energy = 0.0;
    var d = stackalloc double[3];
    for (var i = 0; i < configuration.Count; i++)
    {
        for (var k = 0; k < view.NeighborCounts[i]; k++)
        {
            var j = view.Neighbors[i][k];
            for (var c = 0; c < 3; c++)
            {
                d[c] = view.Positions[3 * j + c] - view.Positions[3 * i + c];
            }

            var distance = Math.Sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
            var (value, slope) = Pair(distance);
            energy += 0.5 * value;
            for (var c = 0; c < 3; c++)
            {
                // The pair's other half comes with the roles exchanged.
                forces[3 * i + c] += slope * d[c] / distance;
                for (var e = 0; e < 3; e++)
                {
                    virial[3 * c + e] -= 0.5 * slope * d[c] * d[e] / distance;
                }
            }
        }
    }

    return new ReferenceLabel(energy, forces, Voigt.StressFromVirial(virial, configuration.Cell!.Volume));
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
