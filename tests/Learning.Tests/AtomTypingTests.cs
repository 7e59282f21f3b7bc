using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class AtomTypingTests
{
    private const string Mof5Inventory = "C3a 48 C3b 48 C3c 96 H1a 96 O2a 96 O4a 8 Zn4a 32";
    private const string Mof5PrimitiveInventory = "C3a 12 C3b 12 C3c 24 H1a 24 O2a 24 O4a 2 Zn4a 8";
    private const string Zif8Inventory = "C3a 12 C3b 24 C4a 12 H1a 24 H1b 36 N3a 24 Zn4a 6";

    private static AtomTypes Type(AtomicConfiguration structure) => AtomTyping.Assign(BondGraph.Build(structure));

    [Fact]
    public void Mof5_has_the_published_types_and_counts()
    {
        var types = Type(TestStructures.Mof5Conventional());
        TestStructures.Inventory(types).ShouldBe(Mof5Inventory);
        types.Types.Single(t => t.Label == "C3a").Neighbors.ShouldBe(["O2a", "O2a", "C3b"]);
        types.Types.Single(t => t.Label == "C3b").Neighbors.ShouldBe(["C3a", "C3c", "C3c"]);
        types.Types.Single(t => t.Label == "C3c").Neighbors.ShouldBe(["C3b", "C3c", "H1a"]);
    }

    [SkippableFact]
    public void Zif8_has_the_published_types_and_counts()
    {
        var structure = TestStructures.Zif8();
        Skip.If(structure is null, "reference data absent");
        var types = Type(structure!);
        TestStructures.Inventory(types).ShouldBe(Zif8Inventory);
        types.Types.Single(t => t.Label == "C3a").Neighbors.ShouldBe(["N3a", "N3a", "C4a"]);
        types.Types.Single(t => t.Label == "H1a").Neighbors.ShouldBe(["C3b"]);
        types.Types.Single(t => t.Label == "H1b").Neighbors.ShouldBe(["C4a"]);
    }

    [Theory]
    [InlineData(1, 0, 0, 0, 1, 0, 0, 0, 1)]
    [InlineData(1, 1, 0, 0, 1, 0, 0, 0, 1)]
    [InlineData(1, -1, 0, 0, 1, 2, 0, 0, 1)]
    [InlineData(0, 1, 0, 1, 0, 0, 0, 0, 1)]
    public void Types_do_not_depend_on_the_cell_setting(params int[] combination)
    {
        var structure = TestStructures.ChangeSetting(TestStructures.Mof5Primitive(), combination);
        TestStructures.Inventory(Type(structure)).ShouldBe(Mof5PrimitiveInventory);
    }

    [SkippableFact]
    public void Types_do_not_depend_on_atom_order_or_supercell()
    {
        var mof5 = TestStructures.Mof5Primitive();
        TestStructures.Inventory(Type(TestStructures.Supercell(mof5, 1, 2, 1))).ShouldBe(Doubled(Mof5PrimitiveInventory));
        var structure = TestStructures.Zif8();
        Skip.If(structure is null, "reference data absent");
        TestStructures.Inventory(Type(TestStructures.Supercell(structure!, 2, 1, 1))).ShouldBe(Doubled(Zif8Inventory));
        TestStructures.Inventory(Type(TestStructures.Shuffled(structure!, 5))).ShouldBe(Zif8Inventory);
    }

    [Fact]
    public void Each_atom_keeps_its_type_when_atoms_are_shuffled()
    {
        var structure = AtomTyping.Typed(TestStructures.Mof5Primitive());
        var shuffled = AtomTyping.Typed(TestStructures.Shuffled(structure, 3));
        var typeAt = Enumerable.Range(0, structure.Count).ToDictionary(i => Place(structure, i), i => structure.Types![i]);
        for (var i = 0; i < shuffled.Count; i++)
        {
            shuffled.Types![i].ShouldBe(typeAt[Place(shuffled, i)]);
        }

        static (double, double, double) Place(AtomicConfiguration c, int i) => (c.Positions[3 * i], c.Positions[3 * i + 1], c.Positions[3 * i + 2]);
    }

    [Fact]
    public void Types_survive_a_small_distortion()
    {
        var structure = TestStructures.Distorted(TestStructures.Mof5Primitive(), 11, 0.05);
        TestStructures.Inventory(Type(structure)).ShouldBe(Mof5PrimitiveInventory);
    }

    [Fact]
    public void Depth_zero_leaves_element_and_coordination_number()
    {
        var types = AtomTyping.Assign(BondGraph.Build(TestStructures.Mof5Primitive()), maximumDepth: 0);
        TestStructures.Inventory(types).ShouldBe("C3a 48 H1a 24 O2a 24 O4a 2 Zn4a 8");
    }

    [SkippableTheory]
    [InlineData("UiO-66.cif", "Zr", 8)]
    [InlineData("HKUST1.cif", "Cu", 5)]
    [InlineData("MIL-53.cif", "Al", 6)]
    public void Metals_of_other_frameworks_have_their_chemical_coordination(string file, string metal, int coordination)
    {
        var path = TestKit.ReferenceData.Find("mof/structures/" + file);
        Skip.If(path is null, "reference data absent");
        var graph = BondGraph.Build(SimpleCif.Read(path!));
        for (var i = 0; i < graph.AtomCount; i++)
        {
            if (graph.Symbols[i] == metal)
            {
                // HKUST-1 is given without the water on its copper.
                graph.NeighborsOf(i).Length.ShouldBe(metal == "Cu" ? 4 : coordination);
            }
        }
    }

    [Fact]
    public void A_loose_atom_is_a_clear_error()
    {
        var mof5 = TestStructures.Mof5Primitive();
        var (x, y, z) = mof5.Cell!.ToCartesian(0.5, 0.5, 0.5);
        var structure = new AtomicConfiguration([.. mof5.Symbols, "O"], [.. mof5.Positions, x, y, z], mof5.Cell, periodic: true);
        var error = Should.Throw<MofException>(() => Type(structure));
        error.Message.ShouldContain("atom 106 (counted from 0): an atom of O has no bonds");
        error.Message.ShouldContain("Remove loose solvent");
    }

    [Fact]
    public void A_disordered_structure_is_a_clear_error()
    {
        var mof5 = TestStructures.Mof5Primitive();
        var first = Enumerable.Range(0, mof5.Count).First(i => mof5.Symbols[i] == "H");
        double[] twin = [mof5.Positions[3 * first] + 0.1, mof5.Positions[3 * first + 1] + 0.05, mof5.Positions[3 * first + 2]];
        var structure = new AtomicConfiguration([.. mof5.Symbols, "H"], [.. mof5.Positions, .. twin], mof5.Cell, periodic: true);
        Should.Throw<MofException>(() => Type(structure)).Message.ShouldContain("H and H are 0.112 angstrom apart");
    }

    [Fact]
    public void A_carbon_with_five_bonds_is_a_clear_error()
    {
        string[] symbols = ["C", "H", "H", "H", "H", "H"];
        double[] positions = [0, 0, 0, 1.1, 0, 0, -1.1, 0, 0, 0, 1.1, 0, 0, -1.1, 0, 0, 0, 1.1];
        var structure = new AtomicConfiguration(symbols, positions, null, periodic: false);
        Should.Throw<MofException>(() => Type(structure)).Message.ShouldContain("at most 4 bonds of an atom of C");
    }

    [Fact]
    public void An_unknown_element_is_a_clear_error() =>
        Should.Throw<MofException>(() => Type(new AtomicConfiguration(["Xx"], [0, 0, 0], null, periodic: false)))
            .Message.ShouldContain("no element 'Xx'");

    [Fact]
    public void Letters_go_on_after_z()
    {
        // Carbon chains of all different lengths ending in oxygen: every atom sees another distance to the ends.
        var symbols = new List<string>();
        var positions = new List<double>();
        for (var i = 0; i < 70; i++)
        {
            symbols.Add(i == 0 ? "O" : "C");
            positions.AddRange([1.4 * i, 0, 0]);
        }

        var types = Type(new AtomicConfiguration(symbols, [.. positions], new Cell([200, 0, 0, 0, 9, 0, 0, 0, 9]), periodic: true));
        types.Types.Count.ShouldBe(70);
        types.Labels.Distinct().Count().ShouldBe(70);
        types.Labels.ShouldContain("C2z");
        types.Labels.ShouldContain("C2aa");
        types.Warnings.ShouldHaveSingleItem().ShouldContain("70 different environments");
    }

    private static string Doubled(string inventory) =>
        string.Join(' ', inventory.Split(' ').Select((w, k) => k % 2 == 0 ? w : (2 * int.Parse(w)).ToString()));
}
