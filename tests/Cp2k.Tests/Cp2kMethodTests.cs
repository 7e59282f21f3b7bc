using MofInterop.Cp2k;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cp2k.Tests;

public class Cp2kMethodTests
{
    [Fact]
    public void XTB_names_an_element_beyond_radon_before_anything_starts()
    {
        var error = Should.Throw<MofException>(() => new XtbMethod().Check(["O", "U", "O"]));

        error.Kind.ShouldBe(ErrorKind.Unsupported);
        error.Message.ShouldContain("GFN1-xTB cannot treat U (atom 1)");
    }

    [Theory]
    [InlineData(MoloptBasis.DoubleZeta, "Th")]
    [InlineData(MoloptBasis.TripleZeta, "Xe")]
    public void PBE_names_an_element_without_a_basis_set(MoloptBasis basis, string symbol) =>
        Should.Throw<MofException>(() => new PbeMethod { Basis = basis }.Check([symbol])).Message.ShouldContain($"cannot treat {symbol}");

    [Fact]
    public void An_odd_number_of_electrons_needs_an_even_multiplicity()
    {
        Should.Throw<MofException>(() => new XtbMethod().Check(["O", "H"])).Message.ShouldContain("an odd number of electrons");
        Should.NotThrow(() => new XtbMethod { Multiplicity = 2 }.Check(["O", "H"]));
        Should.NotThrow(() => new XtbMethod { Charge = -1 }.Check(["O", "H"]));
    }

    [Fact]
    public void A_configuration_that_is_not_periodic_is_refused()
    {
        var molecule = new MofInterop.Structures.AtomicConfiguration(["H", "H"], [0, 0, 0, 0.74, 0, 0], cell: null, periodic: false);

        Should.Throw<MofException>(() => new XtbMethod().Check(molecule)).Kind.ShouldBe(ErrorKind.Unsupported);
    }

    [Fact]
    public void The_real_space_Ewald_sum_stays_within_the_nearest_images()
    {
        var deck = Cp2kInput.Write(Molecules.Water, new XtbMethod());
        var shortest = Molecules.Water.Cell!.FaceDistances().Min();

        deck.ShouldContain(FormattableString.Invariant($"RCUT [angstrom] {0.45 * shortest:F6}"));
        EwaldSum.For(Molecules.Water.Cell!).Serves(Molecules.Strained(Molecules.Water, 0, 0, -0.05).Cell!).ShouldBeTrue();
        EwaldSum.For(Molecules.Water.Cell!).Serves(Molecules.Strained(Molecules.Water, 0, 0, -0.2).Cell!).ShouldBeFalse();
        EwaldSum.For(Molecules.Water.Cell!).Serves(Molecules.Strained(Molecules.Water, 0, 0, 0.2).Cell!).ShouldBeFalse();
    }

    [Fact]
    public void PBE_takes_basis_sets_and_potentials_with_the_same_valence_electrons()
    {
        var deck = Cp2kInput.Write(Molecules.ZincOxide, new PbeMethod { Basis = MoloptBasis.TripleZeta, Dispersion = true });

        deck.ShouldContain("BASIS_SET TZVP-MOLOPT-SR-GTH-q12");
        deck.ShouldContain("POTENTIAL GTH-PBE-q12");
        deck.ShouldContain("BASIS_SET TZVP-MOLOPT-GTH-q6");
        deck.ShouldContain("CUTOFF [Ry] 1000");
        deck.ShouldContain("EPS_SCF 1.00E-007");
        deck.ShouldContain("TYPE DFTD3(BJ)");
    }

    [SkippableFact]
    public void Every_basis_set_and_potential_that_is_named_exists_in_the_data_of_CP2K()
    {
        var data = Environment.GetEnvironmentVariable("CP2K_DATA_DIR") ?? "/usr/share/cp2k";
        Skip.IfNot(Directory.Exists(data), "the data files of CP2K are not installed");
        var known = new[] { "BASIS_MOLOPT", "BASIS_MOLOPT_UCL", "GTH_POTENTIALS" }
            .SelectMany(name => File.ReadLines(Path.Combine(data, name)))
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && words[0].Length <= 2 && char.IsAsciiLetterUpper(words[0][0]))
            .SelectMany(words => words.Skip(1).Select(name => (words[0], name)))
            .ToHashSet();

        var missing = new List<string>();
        foreach (var element in MofInterop.Potentials.Atoms.Elements.All)
        {
            foreach (var basis in Enum.GetValues<MoloptBasis>())
            {
                if (PbeElements.Find(element.Symbol, basis) is { } names)
                {
                    missing.AddRange(new[] { names.BasisSet, names.Potential }.Where(name => !known.Contains((element.Symbol, name))).Select(name => $"{element.Symbol} {name}"));
                }
            }
        }

        missing.ShouldBeEmpty();
    }
}
