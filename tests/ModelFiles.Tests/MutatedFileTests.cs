using MofInterop.Potentials.Errors;
using MofInterop.TestKit;

namespace MofInterop.ModelFiles.Tests;

public sealed class MutatedFileTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.mof.yaml")]
    [InlineData("model.snapcoeff")]
    [InlineData("model.snapparam")]
    [InlineData("d3.mof.yaml")]
    [InlineData("d3.dat")]
    [InlineData("sum.mof.yaml")]
    public void Damaged_files_load_or_end_in_an_error_of_ours(string name)
    {
        _folder.WriteCard();
        var dispersionCard = DispersionFiles.WriteCard(_folder.PathOf(""), DispersionFiles.Settings, [("C3a", 6), ("Zn4a", 30)]);
        SumCardTests.WriteSum(_folder, "sum.mof.yaml");
        var original = File.ReadAllText(_folder.PathOf(name));
        var entrance = name is "d3.mof.yaml" or "d3.dat" ? dispersionCard : _folder.PathOf(name is "model.mof.yaml" or "sum.mof.yaml" ? name : "model.snapcoeff");
        var random = new Random(name.Length);
        var refused = 0;
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            var text = DamagedText.Of(original, random);
            File.WriteAllText(_folder.PathOf(name), text);
            try
            {
                PotentialLoader.Load(entrance).Dispose();
            }
            catch (MofException e) when (e.Kind is ErrorKind.FileFormat or ErrorKind.Unsupported)
            {
                e.Message.ShouldContain("mofinterop-model-", customMessage: text);
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"attempt {attempt} ended in {e.GetType().Name} for:\n{text}", e);
            }
        }

        refused.ShouldBeGreaterThan(1000);
    }
}
