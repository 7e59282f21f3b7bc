using MofInterop.ModelFiles.DeepPot;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;
using MofInterop.Potentials.Neural.Networks;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

public sealed class DeepPotFileTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_comes_out_as_it_was_written()
    {
        var model = DeepPotFile.Read(_folder.Write("model.yaml", DeepPotText.Of()));
        model.Species.Select(one => (one.Label, one.AtomicNumber)).ShouldBe([("Zn", 30), ("O", 8)]);
        (model.Cutoff, model.SmoothFrom, model.AxisWidth, model.EmbeddingWidth).ShouldBe((5.0, 1.0, 1, 4));
        model.Places.ShouldBe([2, 3]);
        (model.Scaling[1][0].Mean, model.Scaling[1][0].RadialDeviation, model.Scaling[0][1].AngularDeviation).ShouldBe((0.1, 0.5, 0.25));
        model.Embedding[0][1].ShouldBeSameAs(model.Embedding[1][1]);
        model.Embedding[0][0].Layers[0].Weights[0].ShouldBe(Math.Sin(1) * 0.5);
        // Bias plus out_bias; energies do not use out_std.
        model.Bias.ShouldBe([-9.75, -19.5]);
        model.Fitting[0].Layers[1].Activation.ShouldBe(Activation.Linear);
    }

    [Fact]
    public void Networks_of_pairs_are_numbered_center_first()
    {
        var model = DeepPotFile.Read(_folder.Write("model.yaml", DeepPotText.Of(oneSided: false)));
        double First(int center, int neighbor) => model.Embedding[center][neighbor].Layers[0].Weights[0];

        // A network has 2 + 2 + 8 + 4 numbers.
        (First(0, 0), First(1, 0), First(0, 1), First(1, 1)).ShouldBe((0.5 * Math.Sin(1), 0.5 * Math.Sin(17), 0.5 * Math.Sin(33), 0.5 * Math.Sin(49)));
    }

    [Theory]
    [InlineData("type: se_e2_a", "type: se_e3", "a descriptor of type 'se_e3'")]
    [InlineData("type: se_e2_a", "type: hybrid", "a descriptor of type 'hybrid'")]
    [InlineData("type: ener", "type: dipole", "a fitting network of type 'dipole'")]
    [InlineData("type: standard", "type: spin_ener", "a model of type 'spin_ener'")]
    [InlineData("numb_fparam: 0", "numb_fparam: 2", "parameters of frames (numb_fparam) that have no default")]
    [InlineData("numb_aparam: 0", "numb_aparam: 2", "parameters of atoms (numb_aparam)")]
    [InlineData("var_name: energy", "dim_case_embd: 2", "several cases")]
    [InlineData("mixed_types: false", "mixed_types: true", "networks for 1 types")]
    [InlineData("activation_function: tanh", "activation_function: relu", "the activation function 'relu'")]
    [InlineData("[0.5, 0.25, 0.25, 0.25]]]", "[0.5, 0.25, 0.25, 0.3]]]", "places of one type differ")]
    public void A_feature_that_is_lacking_is_refused_by_its_name(string from, string to, string message)
    {
        var text = DeepPotText.Of();
        text.ShouldContain(from);
        var problem = ModelFolder.Failure(() => DeepPotFile.Read(_folder.Write("model.yaml", text.Replace(from, to))));
        problem.Kind.ShouldBe(ErrorKind.Unsupported);
        problem.What.ShouldContain(message);
        problem.Where.ShouldNotBeNull().ShouldContain("model.yaml:");
    }

    [Theory]
    [InlineData("attn_layer: 0", "attn_layer: 2", "attention between neighbours (attn_layer: 2)")]
    [InlineData("    attn_mask: false", "    lmax: 2\n    attn_mask: false", "moments of higher degree (lmax: 2)")]
    [InlineData("    use_econf_tebd: false\n    use_tebd_bias", "    use_econf_tebd: true\n    use_tebd_bias", "use_econf_tebd")]
    [InlineData("numb_aparam: 0", "numb_aparam: 1", "numb_aparam")]
    public void What_an_embedding_of_types_may_bring_along_is_refused_by_its_name(string from, string to, string message)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "DeepPot", "dpa1_concat.yaml"));
        text.ShouldContain(from);
        var problem = ModelFolder.Failure(() => DeepPotFile.Read(_folder.Write("model.yaml", text.Replace(from, to))));
        problem.Kind.ShouldBe(ErrorKind.Unsupported);
        problem.What.ShouldContain(message);
    }

    [Fact]
    public void Means_that_would_make_neighbours_of_empty_places_are_refused()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "DeepPot", "dpa1_concat.yaml"));
        var davg = Array.FindIndex(lines, line => line.Trim() == "davg:");
        var dstd = Array.FindIndex(lines, line => line.Trim() == "dstd:");
        for (var k = davg; k < dstd; k++)
        {
            lines[k] = lines[k].Replace("- - - 0.0", "- - - 0.1").Replace("  - - 0.0", "  - - 0.1");
        }

        ModelFolder.Failure(() => DeepPotFile.Read(_folder.Write("model.yaml", string.Join('\n', lines)))).Message.ShouldContain("set_davg_zero");
    }

    [Theory]
    [InlineData("sel: [2, 3]", "sel: [2, 2]", "'davg' is 2 × 5 × 4 numbers")]
    [InlineData("rcut_smth", "rcut_smooth", "key 'model.descriptor.rcut_smth' is missing")]
    [InlineData("    precision: float64\n", "    precision: float64\n    surprise: 1\n", "unknown key 'model.descriptor.surprise'")]
    [InlineData("axis_neuron: 1", "axis_neuron: 5", "a network takes 4 numbers")]
    [InlineData("[[[-10.0], [-20.0]]]", "[[[-10.0]]]", "'bias_atom_e' has 1 numbers")]
    [InlineData("[[[-10.0], [-20.0]]]", "[[[-10.0], [nan]]]", "'nan'")]
    [InlineData("[[[-10.0], [-20.0]]]", "[[[-10.0], -20.0]]", "is a scalar")]
    public void A_file_that_contradicts_itself_is_refused_with_its_place(string from, string to, string message)
    {
        var text = DeepPotText.Of();
        text.ShouldContain(from);
        var problem = ModelFolder.Failure(() => DeepPotFile.Read(_folder.Write("model.yaml", text.Replace(from, to))));
        problem.Kind.ShouldBe(ErrorKind.FileFormat);
        problem.Message.ShouldContain(message);
        problem.Where.ShouldNotBeNull().ShouldContain("model.yaml");
    }

    [Theory]
    [InlineData("float64", "float32", false)]
    [InlineData("float32", "float32", true)]
    [InlineData("single", "half", true)]
    [InlineData("default", "float32", false)]
    [InlineData("float32", "bfloat16", true)]
    public void A_model_was_trained_in_single_precision_if_both_of_its_parts_were(string descriptor, string fitting, bool single) =>
        DeepPotFile.Read(_folder.Write("model.yaml", DeepPotText.Of().Replace("precision: float64", $"precision: {descriptor}").Replace("var_name: energy", $"precision: {fitting}"))).SinglePrecision.ShouldBe(single);

    [Fact]
    public void A_card_names_the_file_and_its_species()
    {
        var weights = _folder.Write("model.yaml", DeepPotText.Of());
        string Card(string species, string more = "") => _folder.Write("model.mof.yaml", $$"""
            format: 1
            kind: deeppot
            species: [{{species}}]
            files:
              weights: {path: model.yaml, sha256: "{{ModelFolder.Checksum(weights)}}"}
            units: {energy: eV, length: angstrom}
            reference: {method: PBE, dispersion: not included}
            {{more}}
            """);
        using (var potential = PotentialLoader.Load(Card("{label: O, atomic_number: 8, mass: 18}, {label: Zn, atomic_number: 30}")))
        {
            (potential.Kind, potential.Cutoff).ShouldBe(("deeppot", 5.0));
            potential.Species.Select(one => (one.Label, one.Mass)).ShouldBe([("Zn", 0.0), ("O", 18.0)]);
        }

        foreach (var (more, single) in ((string, bool)[])[("", false), ("precision: single", true), ("precision: double", false), ("precision: as trained", false)])
        {
            using var potential = PotentialLoader.Load(Card("{label: O}, {label: Zn}", more));
            ((DeepPotPotential)potential).IsSingle.ShouldBe(single);
        }

        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: O}, {label: Zn}", "precision: half"))).Message.ShouldContain("'half'");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: O}"))).Message.ShouldContain("the card does not name the species Zn");
        ModelFolder.Failure(() => PotentialLoader.Load(Card("{label: O}, {label: Zn}, {label: H}"))).Message.ShouldContain("the card names the species H");
        var card = Card("{label: O}, {label: Zn}");
        File.AppendAllText(weights, "# changed\n");
        ModelFolder.Failure(() => PotentialLoader.Load(card)).Message.ShouldContain("is not the one that");
    }

    [Fact]
    public void Damaged_files_load_or_end_in_an_error_of_ours()
    {
        var original = DeepPotText.Of();
        var random = new Random(3);
        var refused = 0;
        for (var attempt = 0; attempt < 1500; attempt++)
        {
            var path = _folder.Write("model.yaml", DamagedText.Of(original, random));
            try
            {
                DeepPotFile.Read(path);
            }
            catch (MofException e) when (e.Kind is ErrorKind.FileFormat or ErrorKind.Unsupported)
            {
                e.Message.ShouldContain("mofinterop-model-", customMessage: File.ReadAllText(path));
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"attempt {attempt} ended in {e.GetType().Name} for:\n{File.ReadAllText(path)}", e);
            }
        }

        refused.ShouldBeGreaterThan(500);
    }
}
