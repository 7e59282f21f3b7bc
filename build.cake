// Targets: Build (everything that is used by hand, under artifacts/), Test, TestSlow, Quickstart, Bench, Clean.
// build.sh installs what is missing and calls this.
#load "build/native.cake"
#load "build/tests.cake"

var target = Argument("target", "Build");
var configuration = Argument("configuration", "Release");
var artifacts = MakeAbsolute(Directory("./artifacts"));

Task("Clean")
    .Does(() =>
    {
        CleanDirectory(artifacts);
        CleanDirectories("./**/obj");
        CleanDirectories("./**/bin");
    });

Task("Compile")
    .Does(() => DotNetBuild("MofInterop.sln", new DotNetBuildSettings
    {
        Configuration = configuration,
        Verbosity = DotNetVerbosity.Quiet,
        MSBuildSettings = new DotNetMSBuildSettings { MaxCpuCount = 2, NodeReuse = false },
    }));

Task("NativeLibrary")
    .IsDependentOn("Compile")
    .Does(() => PublishNativeLibraries(artifacts));

Task("LammpsStyles")
    .IsDependentOn("NativeLibrary")
    .Does(() => BuildLammpsStyles(artifacts));

Task("KimDriver")
    .IsDependentOn("NativeLibrary")
    .Does(() => BuildKimDriver(artifacts));

Task("Program")
    .IsDependentOn("Compile")
    .Does(() =>
    {
        var share = artifacts.Combine("share/mofinterop");
        DotNetPublish("Recipes/Cli/MofInterop.Cli.csproj", new DotNetPublishSettings
        {
            Configuration = configuration,
            NoBuild = true,
            OutputDirectory = share,
            Verbosity = DotNetVerbosity.Quiet,
            SelfContained = false,
        });
        var start = artifacts.Combine("bin").CombineWithFilePath("mofinterop");
        EnsureDirectoryExists(start.GetDirectory());
        CopyFile("build/mofinterop.sh", start);
        Run("chmod", "+x " + start.FullPath);
        Run(start.FullPath, $"schema --output {artifacts.FullPath}/share/recipe.schema.json");
        CopyRecipes();
    });

Task("PythonPackage")
    .IsDependentOn("NativeLibrary")
    .Does(() =>
    {
        // With the library inside, so that this folder can be installed or copied by itself.
        var python = artifacts.Combine("python");
        EnsureDirectoryExists(python);
        Run("cp", $"-R Interop/python/. {python.FullPath}/");
        Run("cp", $"-R {artifacts.FullPath}/lib {python.FullPath}/mofinterop/");
    });

Task("StructureViewer")
    .WithCriteria(() => !FileExists("./artifacts/share/3Dmol-min.js"))
    .Does(() => FetchStructureViewer());

Task("Build")
    .IsDependentOn("Compile")
    .IsDependentOn("NativeLibrary")
    .IsDependentOn("LammpsStyles")
    .IsDependentOn("KimDriver")
    .IsDependentOn("Program")
    .IsDependentOn("PythonPackage")
    .IsDependentOn("StructureViewer")
    .Does(() => Information("Built. Everything used by hand is under artifacts/: try artifacts/bin/mofinterop --help"));

Task("Test")
    .IsDependentOn("Build")
    .Does(() => RunTests(artifacts, "Category!=Slow"));

Task("TestSlow")
    .IsDependentOn("Build")
    .Does(() => RunTests(artifacts, "Category=Slow"));

Task("Quickstart")
    .IsDependentOn("Build")
    .Does(() =>
    {
        var folder = Argument("folder", "runs/mof5-quickstart");
        var status = StartProcess(
            artifacts.Combine("bin").CombineWithFilePath("mofinterop"),
            new ProcessSettings { Arguments = $"run Recipes/library/mof5-quickstart.yaml --folder {folder}" });
        if (status != 0)
        {
            // The program has said why; its exit code (2: quality goals missed) is passed on.
            System.Environment.Exit(status);
        }
    });

Task("Bench")
    .IsDependentOn("Build")
    .Does(() => Run("tests/Comparison/bench.sh", Argument("bench", string.Empty)));

void Run(string program, string arguments)
{
    var status = StartProcess(program, new ProcessSettings { Arguments = arguments });
    if (status != 0)
    {
        throw new CakeException($"{program} {arguments}: exit code {status}");
    }
}

void CopyRecipes()
{
    var recipes = artifacts.Combine("share/recipes");
    EnsureDirectoryExists(recipes);
    Run("cp", $"-R Recipes/library/. {recipes.FullPath}/");
}

// The report's 3D view; without npm (or without a network) the report draws a projection instead.
void FetchStructureViewer()
{
    const string package = "3dmol@2.5.5";
    if (Context.Tools.Resolve("npm") is null)
    {
        Information("npm is not installed: reports will draw structures as projections.");
        return;
    }

    var folder = artifacts.Combine("share");
    var unpacked = folder.Combine("3dmol");
    EnsureDirectoryExists(unpacked);
    var status = StartProcess("npm", new ProcessSettings { Arguments = $"pack {package} --silent", WorkingDirectory = unpacked, RedirectStandardOutput = true });
    if (status != 0)
    {
        Warning($"npm could not fetch {package}: reports will draw structures as projections.");
        return;
    }

    Run("tar", $"xzf {unpacked.FullPath}/3dmol-2.5.5.tgz -C {unpacked.FullPath} package/build/3Dmol-min.js package/LICENSE");
    CopyFile(unpacked.CombineWithFilePath("package/build/3Dmol-min.js"), folder.CombineWithFilePath("3Dmol-min.js"));
    CopyFile(unpacked.CombineWithFilePath("package/LICENSE"), folder.CombineWithFilePath("3Dmol-LICENSE"));
    DeleteDirectory(unpacked, new DeleteDirectorySettings { Recursive = true });
}

RunTarget(target);
