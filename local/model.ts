import { runModelCommand } from './model/command.ts';

process.exitCode = await runModelCommand(process.argv.slice(2));
