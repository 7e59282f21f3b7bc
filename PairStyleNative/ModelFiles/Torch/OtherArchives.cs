using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Torch;

/// <summary>Archives of PyTorch that hold a model in a form that is not read here, and what to do with them.</summary>
internal static class OtherArchives
{
    private const string Compile = "Compile it with NequIP: nequip-compile --mode torchscript --device cpu FILE model.nequip.pth (PyTorch before 2.10).";

    /// <summary>What an archive without <c>data.pkl</c> is.</summary>
    public static MofException WithoutPickle(IEnumerable<string> names, string where)
    {
        string[] all = [.. names];
        if (all.Any(name => name.Contains("/.data/", StringComparison.Ordinal) || name.StartsWith(".data/", StringComparison.Ordinal)))
        {
            return new MofException(ErrorKind.Unsupported, "the archive is a package of a model and its code, as nequip-package writes (.nequip.zip)", where, "a model of TorchScript", Compile);
        }

        if (all.Any(name => name.Contains("aotinductor", StringComparison.Ordinal)))
        {
            return new MofException(ErrorKind.Unsupported, "the archive holds a model in machine code, as nequip-compile --mode aotinductor writes (.nequip.pt2)", where, "a model of TorchScript", Compile);
        }

        return new MofException(ErrorKind.FileFormat, "the archive has no record data.pkl", where, "a file of torch.save or torch.jit.save");
    }

    /// <summary>What an archive is that holds no module.</summary>
    public static MofException WithoutModule(object? root, string kind, string where) =>
        root is PickledDictionary dictionary && dictionary.TryGet("pytorch-lightning_version", out _)
            ? new MofException(ErrorKind.Unsupported, "the archive is a checkpoint of a training run of NequIP or Allegro (.ckpt)", where, "a model of TorchScript", Compile)
            : new MofException(ErrorKind.FileFormat, $"the archive holds {kind}", where, "a whole model, as torch.save(model) or torch.jit.save writes", "Weights alone (a state_dict) do not tell what they belong to.");
}
