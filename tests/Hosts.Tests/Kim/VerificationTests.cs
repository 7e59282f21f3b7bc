using MofInterop.Potentials.Units;

namespace MofInterop.Hosts.Tests.Kim;

/// <summary>The verification checks of OpenKIM, rewritten: what a model must fulfil whatever it describes.</summary>
[Collection(KimCollection.Name)]
public class VerificationTests(KimModels models)
{
    private const string Model = "MofTest_Verification";
    private const string TwoSpecies = "WBe_Wood_PRB2019";

    [SkippableTheory]
    [InlineData("Ta06A_linear_2J6", "Ta06A")]
    [InlineData("WBe_linear_2J8", TwoSpecies)]
    [InlineData("ZIF8_published_rattled", "zif8")]
    public async Task Periodic_crystals_have_the_numbers_of_ML_SNAP(string name, string potential)
    {
        var reference = SnapReference.Load(name);
        using var simulator = await StartAsync(potential);
        var result = simulator.Compute(Crystal(simulator, reference, SpeciesOf(reference)));

        result.Energy.ShouldBe(reference.Expected.Energy, 1e-9 * Math.Abs(reference.Expected.Energy));
        Largest(result.Forces, reference.Expected.Forces).ShouldBeLessThan(1e-9);
        Largest(result.AtomEnergies, reference.Expected.AtomEnergies).ShouldBeLessThan(1e-9);
        // KIM: dE/d(strain), xx yy zz yz xz xy; LAMMPS its negative, xx yy zz xy xz yz.
        double[] Kim(double[] virial) => [-virial[0], -virial[1], -virial[2], -virial[5], -virial[4], -virial[3]];
        Largest(result.Virial, Kim(reference.Expected.Virial)).ShouldBeLessThan(1e-7);
        // Per atom LAMMPS gives r_x·f_y where the driver gives the mean with r_y·f_x: the diagonals are the same.
        double[] Diagonals(IEnumerable<double[]> virials) => [.. virials.SelectMany(virial => virial[..3])];
        Largest(Diagonals(result.AtomVirials.Chunk(6)), Diagonals(reference.Expected.AtomVirials.Chunk(6).Select(Kim))).ShouldBeLessThan(1e-8);
    }

    [SkippableFact]
    public async Task The_model_says_what_it_needs()
    {
        using var simulator = await StartAsync(TwoSpecies);

        simulator.UnitsAccepted.ShouldBeTrue();
        simulator.AsksOnlyForNeighborsOfContributing.ShouldBeTrue();
        simulator.InfluenceDistance.ShouldBe(4.8123, 1e-12);
        simulator.Code("W").ShouldNotBeNull();
        simulator.Code("Be").ShouldNotBeNull();
        simulator.Code("Ta").ShouldBeNull();
    }

    [SkippableFact]
    public async Task Forces_are_the_derivatives_of_the_energy()
    {
        using var simulator = await StartAsync(TwoSpecies);
        var atoms = RandomCluster(simulator, 12, 7);
        var result = simulator.Compute(atoms);
        for (var k = 0; k < 3 * atoms.Count; k++)
        {
            double At(double step) => simulator.Energy(atoms with { Positions = [.. atoms.Positions.Select((x, index) => index == k ? x + step : x)] });
            result.Forces[k].ShouldBe(-Derivative(At, 4e-4), 1e-7);
        }
    }

    [SkippableFact]
    public async Task The_virial_is_the_derivative_by_strain_and_the_sum_over_atoms()
    {
        using var simulator = await StartAsync(TwoSpecies);
        var atoms = RandomCluster(simulator, 12, 8);
        var result = simulator.Compute(atoms);
        (int Row, int Column)[] voigt = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        for (var v = 0; v < 6; v++)
        {
            double At(double strain) => simulator.Energy(atoms.Moved(r =>
            {
                var moved = (double[])r.Clone();
                moved[voigt[v].Row] += 0.5 * strain * r[voigt[v].Column];
                moved[voigt[v].Column] += 0.5 * strain * r[voigt[v].Row];
                return moved;
            }));
            result.Virial[v].ShouldBe(Derivative(At, 3e-4), 1e-6);
            result.Virial[v].ShouldBe(result.AtomVirials.Chunk(6).Sum(atom => atom[v]), 1e-10);
        }

        result.AtomEnergies.Sum().ShouldBe(result.Energy, 1e-11);
    }

    [SkippableFact]
    public async Task Rotation_translation_and_inversion_turn_the_results_with_the_atoms()
    {
        using var simulator = await StartAsync(TwoSpecies);
        var atoms = RandomCluster(simulator, 14, 9);
        var result = simulator.Compute(atoms);
        foreach (var (rotation, shift) in new[] { (Rotation(0.3, 1.1, -0.7), 0.0), (Rotation(0, 0, 0), 123.456), (Scaled(Rotation(2, 0.1, 0.4), -1), -7.25) })
        {
            var turned = simulator.Compute(atoms.Moved(r => [.. Apply(rotation, r).Select(x => x + shift)]));

            turned.Energy.ShouldBe(result.Energy, 1e-9);
            Largest(turned.Forces, [.. result.Forces.Chunk(3).SelectMany(force => Apply(rotation, force))]).ShouldBeLessThan(1e-9);
            Largest(turned.Virial, Turned(rotation, result.Virial)).ShouldBeLessThan(1e-9);
            Largest(turned.AtomVirials, [.. result.AtomVirials.Chunk(6).SelectMany(virial => Turned(rotation, virial))]).ShouldBeLessThan(1e-9);
        }
    }

    [SkippableFact]
    public async Task The_order_of_atoms_does_not_matter()
    {
        using var simulator = await StartAsync(TwoSpecies);
        var atoms = RandomCluster(simulator, 14, 10);
        var order = Enumerable.Range(0, atoms.Count).ToArray();
        new Random(3).Shuffle(order);
        var shuffled = KimAtoms.Cluster([.. order.SelectMany(i => atoms.Positions[(3 * i)..(3 * i + 3)])], [.. order.Select(i => atoms.Codes[i])]);

        var (first, second) = (simulator.Compute(atoms), simulator.Compute(shuffled));

        second.Energy.ShouldBe(first.Energy, 1e-10);
        Largest(second.Forces, [.. order.SelectMany(i => first.Forces[(3 * i)..(3 * i + 3)])]).ShouldBeLessThan(1e-10);
    }

    [SkippableFact]
    public async Task Atoms_that_do_not_contribute_get_forces_and_no_energy()
    {
        using var simulator = await StartAsync(TwoSpecies);
        var atoms = RandomCluster(simulator, 14, 11);
        int[] first = [.. Enumerable.Range(0, 14).Select(i => i % 3 == 0 ? 1 : 0)];
        KimResult Of(int[] contributing)
        {
            var (energy, forces, atomEnergies) = (new double[1], new double[42], new double[14]);
            simulator.Run(atoms with { Contributing = contributing }, 0.3, ("partialEnergy", energy), ("partialForces", forces), ("partialParticleEnergy", atomEnergies)).ShouldBe(0);
            return new KimResult(energy[0], forces, atomEnergies, [], []);
        }

        var (whole, part, rest) = (simulator.Compute(atoms), Of(first), Of([.. first.Select(one => 1 - one)]));

        (part.Energy + rest.Energy).ShouldBe(whole.Energy, 1e-10);
        Largest([.. part.Forces.Zip(rest.Forces, (a, b) => a + b)], whole.Forces).ShouldBeLessThan(1e-10);
        part.AtomEnergies[1].ShouldBe(0);
        part.AtomEnergies[3].ShouldBe(whole.AtomEnergies[3], 1e-10);
    }

    [SkippableFact]
    public async Task Any_repeat_of_the_cell_has_the_energy_per_cell()
    {
        var reference = SnapReference.Load("Ta06A_linear_2J6");
        using var simulator = await StartAsync("Ta06A");
        string[] species = ["Ta"];
        double[] positions = [0.1, 0, 0, 1.7, 1.6, 1.75];
        double[][] cell = [[3.3, 0, 0], [0.2, 3.35, 0], [-0.1, 0.15, 3.4]];
        var codes = new[] { simulator.Code(species[0])!.Value, simulator.Code(species[0])!.Value };
        double PerCell(int repeat)
        {
            var shifts = Enumerable.Range(0, repeat).ToArray();
            double[] all = [.. shifts.SelectMany(i => positions.Select((x, k) => x + i * cell[0][k % 3]))];
            int[] allCodes = [.. shifts.SelectMany(_ => codes)];
            double[][] larger = [[.. cell[0].Select(x => repeat * x)], cell[1], cell[2]];
            return simulator.Compute(KimAtoms.Crystal(all, allCodes, larger, simulator.InfluenceDistance)).Energy / repeat;
        }

        var one = PerCell(1);
        PerCell(2).ShouldBe(one, 1e-10);
        PerCell(3).ShouldBe(one, 1e-10);
        reference.Types.ShouldBe(species);
    }

    [SkippableTheory]
    [InlineData("W", "W")]
    [InlineData("W", "Be")]
    [InlineData("Be", "Be")]
    public async Task A_dimer_pulled_apart_has_a_smooth_energy_that_ends_at_the_cutoff(string first, string second)
    {
        using var simulator = await StartAsync(TwoSpecies);
        KimAtoms Dimer(double distance) => KimAtoms.Cluster([0, 0, 0, distance, 0, 0], [simulator.Code(first)!.Value, simulator.Code(second)!.Value]);
        var separate = simulator.Energy(Dimer(3 * simulator.InfluenceDistance));
        const double Step = 0.002;
        var distances = Enumerable.Range(0, (int)((simulator.InfluenceDistance - 0.9) / Step)).Select(i => 1.0 + i * Step).ToArray();
        var energies = distances.Select(distance => simulator.Energy(Dimer(distance))).ToArray();
        var forces = distances.Select(distance => simulator.Compute(Dimer(distance)).Forces[3]).ToArray();

        energies.ShouldAllBe(energy => double.IsFinite(energy));
        for (var i = 1; i < energies.Length; i++)
        {
            // The trapezoidal rule over the force, whose error is Step³/12 times its curvature.
            (energies[i] - energies[i - 1] + Step * 0.5 * (forces[i] + forces[i - 1])).ShouldBe(0, 2e-6, $"{first}-{second} at {distances[i]}");
        }

        energies[^1].ShouldBe(separate, 1e-10);
        forces[^1].ShouldBe(0, 1e-10);
    }

    [SkippableTheory]
    [InlineData("nm", "kcal_mol")]
    [InlineData("Bohr", "Hartree")]
    [InlineData("m", "J")]
    [InlineData("cm", "amu_A2_per_ps2")]
    public async Task Other_units_give_the_same_physics(string length, string energy)
    {
        await models.MakeAsync(Model + TwoSpecies, TwoSpecies);
        using var electronVolts = new KimSimulator(Model + TwoSpecies);
        using var other = new KimSimulator(Model + TwoSpecies, length, energy);
        other.UnitsAccepted.ShouldBeTrue();
        var angstrom = other.InfluenceDistance / electronVolts.InfluenceDistance;
        var known = length switch { "nm" => 0.1, "m" => 1e-10, "cm" => 1e-8, _ => 1 / PhysicalConstants.Bohr };
        angstrom.ShouldBe(known, 1e-8 * known);
        var atoms = RandomCluster(electronVolts, 12, 12);

        var expected = electronVolts.Compute(atoms);
        var actual = other.Compute(atoms.Moved(r => [.. r.Select(x => x * angstrom)]), 0.3 * angstrom);

        var unit = actual.Energy / expected.Energy;
        var joule = energy switch { "kcal_mol" => 23.0605, "Hartree" => 1 / 27.21138, "J" => 1.602177e-19, _ => 9648.533 };
        unit.ShouldBe(joule, 1e-5 * joule);
        Largest([.. actual.Forces.Select(f => f * angstrom / unit)], expected.Forces).ShouldBeLessThan(1e-9);
        Largest([.. actual.Virial.Select(v => v / unit)], expected.Virial).ShouldBeLessThan(1e-9);
        Largest([.. actual.AtomVirials.Select(v => v / unit)], expected.AtomVirials).ShouldBeLessThan(1e-9);
        Largest([.. actual.AtomEnergies.Select(e => e / unit)], expected.AtomEnergies).ShouldBeLessThan(1e-9);
    }

    [SkippableFact]
    public async Task Several_models_compute_at_the_same_time()
    {
        await models.MakeAsync(Model + TwoSpecies, TwoSpecies);
        using var one = new KimSimulator(Model + TwoSpecies);
        var atoms = RandomCluster(one, 20, 13);
        var expected = one.Compute(atoms);

        Parallel.For(0, 4, _ =>
        {
            using var simulator = new KimSimulator(Model + TwoSpecies);
            for (var i = 0; i < 20; i++)
            {
                Largest(simulator.Compute(atoms).Forces, expected.Forces).ShouldBe(0);
            }
        });
    }

    private async Task<KimSimulator> StartAsync(string potential)
    {
        (await models.MakeAsync(Model + potential, potential)).ShouldSucceed();
        return new KimSimulator(Model + potential);
    }

    // As mofinterop-kim-model numbers them: elements by their names, others user01, user02, … in the order of the file.
    private static Dictionary<string, string> SpeciesOf(SnapReference reference)
    {
        var user = 0;
        return reference.Types.ToDictionary(type => type, type => type is "Ta" or "W" or "Be" ? type : $"user{++user:00}");
    }

    private static KimAtoms Crystal(KimSimulator simulator, SnapReference reference, Dictionary<string, string> species) => KimAtoms.Crystal(
        [.. reference.Positions.SelectMany(p => p)],
        [.. reference.AtomLabels.Select(label => simulator.Code(species[label])!.Value)],
        reference.Cell,
        simulator.InfluenceDistance);

    internal static KimAtoms RandomCluster(KimSimulator simulator, int count, int seed, params string[] species)
    {
        string[] labels = species.Length == 0 ? ["W", "Be"] : species;
        var random = new Random(seed);
        var positions = new List<double>();
        var edge = 2.6 * Math.Cbrt(count);
        while (positions.Count < 3 * count)
        {
            double[] candidate = [edge * random.NextDouble(), edge * random.NextDouble(), edge * random.NextDouble()];
            if (positions.Chunk(3).All(p => Math.Sqrt(p.Zip(candidate, (a, b) => (a - b) * (a - b)).Sum()) > 1.6))
            {
                positions.AddRange(candidate);
            }
        }

        return KimAtoms.Cluster([.. positions], [.. Enumerable.Range(0, count).Select(i => simulator.Code(labels[i % labels.Length])!.Value)]);
    }

    private static double Largest(double[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        return actual.Zip(expected, (a, e) => Math.Abs(a - e)).DefaultIfEmpty(0).Max();
    }

    // Fourth order.
    private static double Derivative(Func<double, double> function, double step) =>
        (8 * (function(step) - function(-step)) - (function(2 * step) - function(-2 * step))) / (12 * step);

    private static double[,] Rotation(double a, double b, double c)
    {
        double[,] x = { { 1, 0, 0 }, { 0, Math.Cos(a), -Math.Sin(a) }, { 0, Math.Sin(a), Math.Cos(a) } };
        double[,] y = { { Math.Cos(b), 0, Math.Sin(b) }, { 0, 1, 0 }, { -Math.Sin(b), 0, Math.Cos(b) } };
        double[,] z = { { Math.Cos(c), -Math.Sin(c), 0 }, { Math.Sin(c), Math.Cos(c), 0 }, { 0, 0, 1 } };
        return Product(x, Product(y, z));
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[3, 3];
        for (var i = 0; i < 9; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                product[i / 3, i % 3] += a[i / 3, k] * b[k, i % 3];
            }
        }

        return product;
    }

    private static double[,] Scaled(double[,] a, double factor) => Product(a, new[,] { { factor, 0, 0 }, { 0, factor, 0 }, { 0, 0, factor } });

    private static double[] Apply(double[,] a, double[] r) => [.. Enumerable.Range(0, 3).Select(i => a[i, 0] * r[0] + a[i, 1] * r[1] + a[i, 2] * r[2])];

    private static double[] Turned(double[,] q, double[] v)
    {
        double[,] full = { { v[0], v[5], v[4] }, { v[5], v[1], v[3] }, { v[4], v[3], v[2] } };
        double[,] transposed = { { q[0, 0], q[1, 0], q[2, 0] }, { q[0, 1], q[1, 1], q[2, 1] }, { q[0, 2], q[1, 2], q[2, 2] } };
        var t = Product(q, Product(full, transposed));
        return [t[0, 0], t[1, 1], t[2, 2], t[1, 2], t[0, 2], t[0, 1]];
    }
}
