using MofInterop.Execution;

// A process that runs a shell script through ToolRunner and passes its lines on: tests kill it to see what becomes of the script.
var command = new ToolCommand { Name = "script", Program = "sh", Arguments = ["-c", args[1]], WorkingDirectory = args[0] };
return (await new ToolRunner().RunAsync(command, Console.WriteLine)).ExitCode;
