using MofInterop.Cli;

return await CommandLine.RunAsync(args, Composition.Create());
