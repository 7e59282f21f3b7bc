using System.Globalization;
using MofInterop.Benchmarks;

// Lanes (8, 4, 2; 1 the scalar code; 0, the default, what hosts get), seconds for each case, name of the only case (D3: dispersion; NequIP,
// MACE, Allegro: networks; all), and "mixed" for SNAP in double and in mixed precision side by side, nothing else. With "deeppot" as the case,
// DeepPot-SE alone; a folder behind it (or -) is where the model goes for tests/Comparison/deeppot_libtorch.py, and behind that may stand tables, single or
// networks: one of them alone. Behind MACE: a model's folder and a structure.
var lanes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0;
var seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 3;
var only = args.Length > 2 && args[2] != "all" ? args[2] : null;
if (only == "deeppot")
{
    DeepPotBenchmark.Run(lanes, seconds, args.Length > 3 && args[3] != "-" ? args[3] : null, args.Length > 4 ? args[4] : null);
    return;
}

if (args.Length > 3 && args[3] == "mixed")
{
    MixedBenchmark.Run(lanes, seconds, only);
    return;
}

SnapBenchmark.Run(lanes, seconds, only);
if (only is null or "D3")
{
    DispersionBenchmark.Run(lanes, seconds);
}

if (only is null or "NequIP")
{
    NequipBenchmark.Run(lanes, seconds);
}

if (only is null or "MACE")
{
    MaceBenchmark.Run(lanes, seconds, [.. args.Skip(3)]);
}

if (only is null or "Allegro")
{
    AllegroBenchmark.Run(lanes, seconds);
}
