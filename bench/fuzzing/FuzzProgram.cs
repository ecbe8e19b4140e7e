using System.Globalization;
using ImageResize.Fuzzing.Engine;
using ImageResize.Fuzzing.Targets;

namespace ImageResize.Fuzzing;

/// <summary>
/// Built and started by bench/fuzz. SEEDS is the corpus of the repository, FOLDER takes what runs find.
/// <code>
/// instrument               adds counters to the assemblies beside the program
/// run MINUTES [TARGET]     runs each target, or some, for so long
/// minimize [TARGET]        copies inputs that reach new code to the corpus of the repository
/// once TARGET FILE         runs a target with one input
/// list                     prints the names of the targets
/// </code>
/// </summary>
internal static class FuzzProgram
{
    private const int MaxBytesPerTarget = 40_000;

    private static int Main(string[] args)
    {
        var seeds = Environment.GetEnvironmentVariable("SEEDS") ?? "bench/fuzzing/corpus";
        var folder = Environment.GetEnvironmentVariable("FOLDER") ?? "bench/.work/fuzzing-found";
        if (args is ["instrument"])
        {
            Instrumentation.Run(AppContext.BaseDirectory);
            return 0;
        }

        var coverage = new CoverageMap();
        coverage.Attach();
        var supervisor = new Supervisor(seeds, folder, coverage);
        switch (args)
        {
            case ["run", var minutes, .. var names]:
                var duration = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
                var isSound = true;
                foreach (var target in Select(names))
                {
                    isSound &= supervisor.Run(target, duration);
                }

                return isSound ? 0 : 1;

            case ["child", var name, var seconds, var seed]:
                return supervisor.RunInside(FuzzTargets.Get(name), TimeSpan.FromSeconds(ToInt(seconds)), ToInt(seed));

            case ["minimize", .. var names]:
                foreach (var target in Select(names))
                {
                    supervisor.Minimize(target, MaxBytesPerTarget);
                }

                return 0;

            case ["once", var name, var file]:
                FuzzTargets.Get(name).Run(File.ReadAllBytes(file));
                return 0;

            case ["list"]:
                foreach (var target in FuzzTargets.All)
                {
                    Console.WriteLine(target.Name);
                }

                return 0;

            default:
                Console.Error.WriteLine("instrument | run MINUTES [TARGET] | minimize [TARGET] | once TARGET FILE | list");
                return 2;
        }
    }

    private static IEnumerable<FuzzTarget> Select(string[] names) => names is [] ? FuzzTargets.All : names.Select(FuzzTargets.Get);

    private static int ToInt(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
