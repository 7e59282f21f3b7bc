using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class HeldOutSplitTests
{
    private static readonly AtomicConfiguration[] _frames =
    [
        .. Enumerable.Range(0, 20).Select(_ => Frame("A")), .. Enumerable.Range(0, 3).Select(_ => Frame("B")), .. Enumerable.Range(0, 7).Select(_ => Frame(null)),
    ];

    [Fact]
    public void Every_group_gives_its_fraction_and_the_order_stays()
    {
        var split = HeldOutSplit.Of(_frames, 1, new Dictionary<string, double> { ["A"] = 0.25, ["B"] = 0.1 });
        split.Test.Select(ConfigurationGroups.Of).ShouldBe(["A", "A", "A", "A", "A", "B"]);
        split.Training.Count.ShouldBe(24);
        split.Training.ShouldBe(_frames.Where(frame => !split.Test.Contains(frame)));
        split.Test.ShouldBe(_frames.Where(frame => split.Test.Contains(frame)));
    }

    [Fact]
    public void The_seed_decides_and_groups_do_not_disturb_each_other()
    {
        var both = HeldOutSplit.Of(_frames, 1, new Dictionary<string, double> { ["A"] = 0.3, ["B"] = 0.4 });
        var again = HeldOutSplit.Of(_frames, 1, new Dictionary<string, double> { ["A"] = 0.3 }, otherwise: 0.5);
        again.Test.Where(frame => ConfigurationGroups.Of(frame) == "A").ShouldBe(both.Test.Where(frame => ConfigurationGroups.Of(frame) == "A"));
        again.Test.Count(frame => ConfigurationGroups.Of(frame) is null).ShouldBe(4);
        HeldOutSplit.Of(_frames, 2, new Dictionary<string, double> { ["A"] = 0.3 }).Test.ShouldNotBe(HeldOutSplit.Of(_frames, 1, new Dictionary<string, double> { ["A"] = 0.3 }).Test);
    }

    [Fact]
    public void Fractions_that_make_no_sense_are_refused()
    {
        Should.Throw<MofException>(() => HeldOutSplit.Of(_frames, 1, new Dictionary<string, double> { ["A"] = 1.5 })).Message.ShouldContain("the test fraction of the group 'A' is 1.5; expected 0 to 1");
        Should.Throw<MofException>(() => HeldOutSplit.Of(_frames, 1, new Dictionary<string, double>(), otherwise: 1)).Message.ShouldContain("all configurations are held out");
    }

    [Fact]
    public void Offsets_are_taken_from_the_energy_by_type_before_element()
    {
        var frame = new AtomicConfiguration(["C", "C", "O"], new double[9], null, periodic: false) { Types = ["C3a", "C3b", "O1a"], Label = new ReferenceLabel(-100, new double[9], null) };
        var offsets = new EnergyOffsets(new Dictionary<string, double> { ["C"] = -10, ["C3b"] = -11 });
        offsets.Subtract(frame).Label!.Energy.ShouldBe(-79);
        new EnergyOffsets(new Dictionary<string, double>()).Subtract(frame).ShouldBeSameAs(frame);
    }

    private static AtomicConfiguration Frame(string? group) => new(["Na"], new double[3], null, periodic: false)
    {
        Info = group is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [ConfigurationGroups.Key] = group },
    };
}
