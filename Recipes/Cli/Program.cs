return MofInterop.Cli.CommandLine.Run(args);
