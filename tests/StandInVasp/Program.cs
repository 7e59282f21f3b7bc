using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.StandInVasp;
using MofInterop.Structures;

// Reads INCAR, KPOINTS, POSCAR and POTCAR in the working directory and writes vasprun.xml, OUTCAR, OSZICAR and CONTCAR in VASP's formats, for a simple potential:
// stand-in-vasp [FAULT]. With NSW = n in the INCAR it makes n steps downhill. Faults: see below.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var fault = args.Length > 0 ? args[0] : "none";
var incar = File.ReadLines("INCAR").Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
var structure = Poscar.Read("POSCAR");
string[] potentials = [.. File.ReadLines("POTCAR").Where(line => line.Contains("VRHFIN")).Select(line => line.Split('=')[1].Split(':')[0].Trim())];
if (!potentials.SequenceEqual(structure.Symbols.Distinct()) || !File.Exists("KPOINTS"))
{
    Console.WriteLine(" ERROR: the POTCAR's elements are not those of the POSCAR");
    return 1;
}

var asSet = incar["ALGO"] == "Normal" && !incar.ContainsKey("AMIX");
switch (fault)
{
    case "signal-once" when !File.Exists("signalled"):
        File.WriteAllText("signalled", "");
        System.Diagnostics.Process.GetCurrentProcess().Kill();
        Thread.Sleep(10_000);
        break;
    case "davidson" when asSet:
        Console.Write(Banners.Davidson);
        return 1;
    case "hang":
        Thread.Sleep(600_000);
        break;
    case "moves":
        structure = structure.With([.. structure.Positions.Select((value, k) => k == 4 ? value + 0.01 : value)], structure.Cell);
        break;
}

var most = int.Parse(incar.GetValueOrDefault("NELM", "60"));
var unconverged = fault == "never" || (fault == "unconverged" && asSet);
var run = new RunText(incar, unconverged ? most : Math.Min(7, most - 1), most) { NotFinite = fault == "nan" };
var ionicSteps = Math.Max(1, int.Parse(incar.GetValueOrDefault("NSW", "0")));
var xml = run.XmlHead(structure);
var outcar = run.OutcarHead(structure);
for (var step = 1; step <= ionicSteps; step++)
{
    var label = PairWells.Label(structure);
    xml += run.XmlStep(structure, label);
    outcar += run.OutcarStep(step, structure, label);
    structure = structure.With([.. structure.Positions.Zip(label.Forces, (x, f) => x + 0.02 * f)], structure.Cell is { } cell ? new Cell([.. cell.Rows.ToArray().Select(x => x * 1.001)]) : null);
}

Console.Write(Banners.Start);
if (fault == "cut")
{
    File.WriteAllText("vasprun.xml", xml[..(xml.Length * 4 / 5)]);
    File.WriteAllText("OUTCAR", outcar[..(outcar.Length * 4 / 5)]);
    return 0;
}

File.WriteAllText("vasprun.xml", xml + RunText.XmlTail);
File.WriteAllText("OUTCAR", outcar + RunText.OutcarTail);
File.WriteAllText("OSZICAR", "       N       E                     dE\n");
Poscar.Write("CONTCAR", structure);
return 0;
