using System.Text.RegularExpressions;
using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>The header is the contract: it is compared with what the library exports, and compiled as hosts would.</summary>
public sealed class HeaderTests : IDisposable
{
    private static readonly string IncludeFolder = Path.Combine(Repository.Root, "PairStyleNative", "include");
    private static readonly string Header = Path.Combine(IncludeFolder, "mofpotential.h");

    private readonly TestModel _model = new();

    public void Dispose() => _model.Dispose();

    [SkippableTheory]
    [InlineData("libmofpotential.so")]
    [InlineData("glibc-hwcaps/x86-64-v3/libmofpotential.so")]
    [InlineData("glibc-hwcaps/x86-64-v4/libmofpotential.so")]
    public void The_library_exports_what_the_header_declares_and_nothing_else_of_ours(string file)
    {
        var path = Path.Combine(NativePotential.Folder, file);
        Skip.IfNot(File.Exists(path), $"{path} is absent: run ./build.sh Build");
        var (_, symbols, _) = NativeProgram.Run("nm", "-D", "--defined-only", path);
        var exported = Regex.Matches(symbols, @" T (\w+)").Select(match => match.Groups[1].Value).Order();
        exported.ShouldBe(Declared().Order());
    }

    [SkippableTheory]
    [InlineData("libmofpotential.so")]
    [InlineData("glibc-hwcaps/x86-64-v3/libmofpotential.so")]
    [InlineData("glibc-hwcaps/x86-64-v4/libmofpotential.so")]
    public void The_library_holds_the_kernels_of_one_instruction_set_and_no_ballast(string file)
    {
        // 7 MB. Kernels for all widths of vectors would add 2 MB, generic virtual methods of System.Linq 10 (see Sequences).
        var library = new FileInfo(Path.Combine(NativePotential.Folder, file));
        Skip.IfNot(library.Exists, $"{library.FullName} is absent: run ./build.sh Build");
        library.Length.ShouldBeLessThan(8_500_000);
    }

    [SkippableFact]
    public void The_library_needs_nothing_but_the_C_library()
    {
        Skip.IfNot(File.Exists(NativePotential.BaselinePath), $"{NativePotential.BaselinePath} is absent: run ./build.sh Build");
        var (_, dynamic, _) = NativeProgram.Run("readelf", "-d", NativePotential.BaselinePath);
        Regex.Matches(dynamic, @"NEEDED.*\[(.*)\]").Select(match => match.Groups[1].Value)
            .ShouldBeSubsetOf(["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "libdl.so.2", "libpthread.so.0", "librt.so.1"]);
    }

    [SkippableTheory]
    [InlineData("gcc", "-std=c99")]
    [InlineData("g++", "-std=c++11")]
    public void The_header_compiles_alone_without_a_warning(string compiler, string standard)
    {
        var source = _model.PathOf("alone.c");
        File.WriteAllText(source, "#include \"mofpotential.h\"\nint main(void) { return MOF_SUCCESS; }\n");
        NativeProgram.Compile(compiler, standard, "-pedantic", "-fsyntax-only", $"-I{IncludeFolder}", source);
    }

    [SkippableFact]
    public void Every_example_in_the_header_compiles()
    {
        var examples = Examples();
        examples.Count.ShouldBe(3);
        var source = _model.PathOf("examples.c");
        File.WriteAllText(source, "#include \"mofpotential.h\"\n#include <stdio.h>\n" + string.Concat(examples.Select((example, n) => $$"""
            int example_{{n}}(mof_potential potential, mof_neighbors neighbors);
            int example_{{n}}(mof_potential potential, mof_neighbors neighbors)
            {
              (void) potential; (void) neighbors;
              {
                {{example}}
              }
              return 0;
            }

            """)));
        NativeProgram.Compile("gcc", "-std=c99", "-pedantic", "-Wno-unused-variable", "-fsyntax-only", $"-I{IncludeFolder}", source);
    }

    [SkippableFact]
    public void A_host_in_C_runs_with_the_build_that_the_dynamic_linker_chooses()
    {
        Skip.IfNot(File.Exists(NativePotential.BaselinePath), $"{NativePotential.BaselinePath} is absent: run ./build.sh Build");
        var program = _model.PathOf("host");
        NativeProgram.Compile(
            "gcc", "-std=c99", "-pedantic", $"-I{IncludeFolder}", Path.Combine(AppContext.BaseDirectory, "host.c"), "-o", program,
            $"-L{NativePotential.Folder}", "-lmofpotential", "-lm", $"-Wl,-rpath,{NativePotential.Folder}");
        var (status, output, error) = NativeProgram.Run(program, _model.CoefficientPath, _model.ParameterPath);
        status.ShouldBe(0, error);
        var (_, help, _) = NativeProgram.Run("/lib64/ld-linux-x86-64.so.2", "--help");
        var best = new[] { "x86-64-v4", "x86-64-v3" }.FirstOrDefault(level => Regex.IsMatch(help, $@"{level} \(supported")) ?? "baseline";
        output.Trim().ShouldBe(best);
    }

    private static List<string> Declared() =>
        [.. Regex.Matches(WithoutComments(), @"\b(mof_\w+)\(").Select(match => match.Groups[1].Value).Distinct()];

    private static string WithoutComments() => Regex.Replace(File.ReadAllText(Header), @"/\*.*?\*/", "", RegexOptions.Singleline);

    // An example is a run of comment lines indented by three spaces or more.
    private static List<string> Examples()
    {
        var examples = new List<string>();
        var inside = false;
        foreach (var line in File.ReadLines(Header))
        {
            var code = Regex.Match(line, @"^ \*   (.*)$");
            if (code.Success && inside)
            {
                examples[^1] += "\n" + code.Groups[1].Value;
            }
            else if (code.Success)
            {
                examples.Add(code.Groups[1].Value);
            }

            inside = code.Success;
        }

        return examples;
    }
}
