namespace MofInterop.Recipes.Tests.Runs;

/// <summary>The stand-in for a reference program, with faults put between it and the suite by a script.</summary>
internal static class FaultyReference
{
    /// <summary>Relative to the run folder: a file for each start, its name the number, its contents the hash of the input.</summary>
    public const string Starts = "cache/starts";

    private const string Script = """
        import hashlib, os, random, re, signal, subprocess, sys, time
        plan, attempt, program, source, target = sys.argv[1], int(sys.argv[2]), sys.argv[3:-2], sys.argv[-2], sys.argv[-1]
        digest = hashlib.sha256(open(source, "rb").read()).hexdigest()
        starts = "../../../starts"
        os.makedirs(starts, exist_ok=True)
        number = 0
        while True:
            number += 1
            try:
                with open(f"{starts}/{number}", "x") as file:
                    file.write(digest)
                break
            except FileExistsError:
                pass
        if plan == "some":
            fault = "exit" if int(digest, 16) % 4 == 0 else ""
            time.sleep(random.random())
        elif plan == "first":
            fault = "exit" if attempt == 1 else ""
        elif plan == "scratch":
            with open("scratch", "wb") as file:
                file.write(bytes(300000))
            os.remove("scratch")
            fault = ""
        else:
            faults = plan.split(",")
            fault = faults[number - 1] if number <= len(faults) else faults[-1] if faults[-1] == "stress" else ""
        if fault == "hang":
            subprocess.run(["sleep", "1234"])
        if fault == "exit":
            print("no convergence", file=sys.stderr)
            sys.exit(3)
        if fault == "limit":
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            with open("scratch", "wb") as file:
                file.write(bytes(300000))
        subprocess.run([*program, source, target, "../../../calls"], check=True)
        text = open(target).read()
        lines = text.splitlines()
        row = lambda k, values: " ".join(lines[k].split()[:4] + values + lines[k].split()[7:])
        if fault == "energy":
            text = re.sub(r"\benergy=\S+", "energy=1e30", text)
        elif fault == "force":
            lines[4] = row(4, ["1e6", "0", "0"])
        elif fault == "nan":
            text = re.sub(r"\benergy=\S+", "energy=nan", text)
        elif fault == "atoms":
            lines[0] = str(int(lines[0]) - 1)
            del lines[5]
        elif fault == "order":
            lines[3], lines[6] = lines[6], lines[3]
        elif fault == "moved":
            words = lines[3].split()
            words[1] = str(float(words[1]) + 0.01)
            lines[3] = " ".join(words)
        elif fault == "stress":
            text = re.sub(r'\bstress="[^"]*"', "", text)
        elif fault == "half":
            text = text[:len(text) // 2]
        if fault in ("force", "atoms", "order", "moved"):
            text = "\n".join(lines) + "\n"
        if fault == "none":
            os.remove(target)
        else:
            open(target, "w").write(text)
        """;

    /// <summary>Writes the script into a folder and gives the reference command that uses it.</summary>
    /// <param name="folder">Of the recipe.</param>
    /// <param name="plan">
    /// Faults of the first starts in order, separated by commas; a last <c>stress</c> is that of all further ones. <c>some</c>: configurations chosen by their
    /// contents fail, at times that vary; <c>first</c>: the first attempt at each fails; <c>scratch</c>: needs 300 kB for a moment.
    /// </param>
    public static IReadOnlyList<string> Command(string folder, string plan)
    {
        var script = Path.Combine(folder, "faulty.py");
        File.WriteAllText(script, Script);
        return ["/usr/bin/python3", script, plan, "{attempt}", "dotnet", StandInRecipe.Command[1], "{input}", "{output}"];
    }

    /// <summary>Hashes of the inputs in the order of the starts.</summary>
    public static IReadOnlyList<string> StartsOf(string run)
    {
        var folder = Path.Combine(run, Starts);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).OrderBy(file => int.Parse(Path.GetFileName(file), System.Globalization.CultureInfo.InvariantCulture)).Select(File.ReadAllText)]
            : [];
    }

    /// <summary>Changes the reference of the learning step of a stand-in recipe.</summary>
    public static void Change(string recipe, string from, string to)
    {
        var text = File.ReadAllText(recipe);
        text.ShouldContain(from);
        File.WriteAllText(recipe, text.Replace(from, to, StringComparison.Ordinal));
    }
}
