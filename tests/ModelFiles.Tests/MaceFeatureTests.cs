using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Mace;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Mace;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

/// <summary>What MACE models say of themselves beside weights: heads, inputs, elements, and what is lacking here.</summary>
public sealed class MaceFeatureTests : IDisposable
{
    private readonly ModelFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_head_must_be_chosen_where_there_are_several()
    {
        var problem = ModelFolder.Failure(() => MaceFile.Read(Made("heads.model")));
        problem.Kind.ShouldBe(ErrorKind.FileFormat);
        problem.Message.ShouldContain("3 heads");
        problem.Message.ShouldContain("one of pt_head, Default, r2scan");
        ModelFolder.Failure(() => MaceFile.Read(Made("heads.model"), null, Head("pbe"))).Message.ShouldContain("no head 'pbe'; expected head: one of pt_head, Default, r2scan");

        // A model for ML-IAP has one chosen; another may be wanted all the same.
        MaceFile.Read(Made("heads.model-mliap_lammps.pt")).Scale.ShouldBe(0.9, 1e-12);
        MaceFile.Read(Made("heads.model-mliap_lammps.pt"), null, Head("r2scan")).Scale.ShouldBe(1.0, 1e-12);
    }

    [Fact]
    public void A_card_chooses_the_head_and_the_elements()
    {
        var card = Describe("nonlinear.model", Head("matpes_r2scan"), ["Zn", "H"]);
        var text = File.ReadAllText(card);
        text.ShouldContain("head: matpes_r2scan\n");
        using var potential = (MacePotential)PotentialLoader.Load(card);
        potential.Species.Select(one => one.Label).ShouldBe(["Zn", "H"]);
        potential.Model.Scale.ShouldBe(0.9, 1e-12);
        File.WriteAllText(card, text.Replace("head: matpes_r2scan\n", ""));
        ModelFolder.Failure(() => PotentialLoader.Load(card)).Message.ShouldContain("2 heads, and none is chosen");
        ModelFolder.Failure(() => Describe("nonlinear.model", Head("omat_pbe"), ["Cu"])).Message.ShouldContain("does not know Cu");
        ModelFolder.Failure(() => Describe("nonlinear.model", Head("omat_pbe"), ["Q"])).Message.ShouldContain("'Q' is no element");
    }

    [Fact]
    public void Charge_and_spin_are_inputs_that_the_card_says()
    {
        double[] First(MaceChoice choice) => MaceFile.Read(Made("omol.model"), null, choice).Embedding[0];
        First(Inputs(("total_charge", 0), ("total_spin", 1))).ShouldBe(First(MaceChoice.None));
        First(Inputs(("total_charge", 1))).ShouldNotBe(First(MaceChoice.None));
        var card = Describe("omol.model", Inputs(("total_charge", -1), ("total_spin", 3)), null);
        File.ReadAllText(card).ShouldContain("inputs:\n  total_charge: -1\n  total_spin: 3\n");
        using var potential = (MacePotential)PotentialLoader.Load(card);
        potential.Model.Embedding[0].ShouldBe(First(Inputs(("total_charge", -1), ("total_spin", 3))));
        ModelFolder.Failure(() => First(Inputs(("total_spin", 7)))).Message.ShouldContain("the input 'total_spin' is 7");
        ModelFolder.Failure(() => First(Inputs(("field", 1)))).Message.ShouldContain("takes no input 'field'");
        ModelFolder.Failure(() => MaceFile.Read(Made("so3.model"), null, Inputs(("total_charge", 1)))).Message.ShouldContain("takes no input 'total_charge'");
    }

    [Theory]
    [InlineData("agnesi_compiled.model")]
    [InlineData("agnesi.model-lammps.pt")]
    public void A_compiled_model_is_refused_with_what_to_take_instead(string file)
    {
        foreach (var problem in (MofException[])[ModelFolder.Failure(() => MaceFile.Read(Made(file))), ModelFolder.Failure(() => Describe(file, MaceChoice.None, null))])
        {
            problem.Kind.ShouldBe(ErrorKind.Unsupported);
            problem.Message.ShouldContain("compiled model");
            problem.Message.ShouldContain("a .model");
        }
    }

    [Theory]
    [InlineData("\"RealAgnosticResidualNonLinearInteractionBlock\"", "\"RealAgnosticAttResidualInteractionBlock\"", "RealAgnosticAttResidualInteractionBlock")]
    [InlineData("\"apply_cutoff\": false", "\"apply_cutoff\": true", "energies jump where atoms pass the cutoff")]
    [InlineData("\"model_class\": \"ScaleShiftMACE\"", "\"model_class\": \"MACELES\"", "MACELES")]
    [InlineData("\"radial_type\": \"BesselBasis\"", "\"radial_type\": \"ChebychevBasis\"", "ChebychevBasis")]
    [InlineData("\"use_so3\": false", "\"use_so3\": true", "use_so3")]
    [InlineData("\"inputs\": []", "\"inputs\": [{\"name\": \"charges\", \"type\": \"continuous\", \"per\": \"node\", \"offset\": 0}]", "'charges' of every atom")]
    [InlineData("\"inputs\": []", "\"inputs\": [{\"name\": \"total_charge\", \"type\": \"fourier\", \"per\": \"graph\", \"offset\": 0}]", "'total_charge' is fourier")]
    [InlineData("\"name\": \"sigmoid\"", "\"name\": \"tanh\"", "the activation tanh")]
    [InlineData("\"gate\": \"silu\"", "\"gate\": \"abs\"", "the activation abs")]
    public void A_feature_that_is_lacking_is_refused_by_its_name(string from, string to, string message)
    {
        var path = _files.PathOf("model.safetensors");
        var original = File.ReadAllBytes(Made("nonlinear.safetensors"));
        File.WriteAllBytes(path, Edited(original, from, to));
        var problem = ModelFolder.Failure(() => MaceFile.Read(path, null, Head("omat_pbe")));
        problem.Kind.ShouldBe(ErrorKind.Unsupported, problem.Message);
        problem.Message.ShouldContain(message);
        problem.Message.ShouldContain("model.safetensors");
    }

    // The header is JSON that holds the description as a text, and its length stands before it.
    private static byte[] Edited(byte[] file, string from, string to)
    {
        var length = (int)BitConverter.ToInt64(file);
        var header = System.Text.Encoding.UTF8.GetString(file, 8, length);
        string quoted = from.Replace("\"", "\\\""), replaced = to.Replace("\"", "\\\"");
        header.ShouldContain(quoted);
        var bytes = System.Text.Encoding.UTF8.GetBytes(header.Replace(quoted, replaced));
        return [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. file[(8 + length)..]];
    }

    private static string Made(string file) => Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Mace", file);

    private static MaceChoice Head(string name) => new(name, MaceChoice.None.Inputs);

    private static MaceChoice Inputs(params (string Name, double Value)[] values) => new(null, values.ToDictionary(one => one.Name, one => one.Value));

    private string Describe(string file, MaceChoice choice, string[]? elements)
    {
        var model = _files.PathOf(file);
        File.WriteAllBytes(model, File.ReadAllBytes(Made(file)));
        var card = _files.PathOf("described.mof.yaml");
        ModelCardFile.Write(card, WeightFile.Describe(model, card, new ReferenceMethod("PBE", false), "eV", NetworkPrecision.AsTrained, choice, elements).Card);
        return card;
    }
}
