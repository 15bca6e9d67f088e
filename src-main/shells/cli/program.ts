import { Command, Option } from 'commander';
import { formatIds } from '../../data/datasets/index.ts';
import { addData } from './commands/data.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { addModel } from './commands/model.ts';
import { list, newProject } from './commands/project.ts';
import { exportTo, results } from './commands/results.ts';
import { run } from './commands/run.ts';
import { strataVersion } from './version.ts';

/** The command line, as ARCHITECTURE.md promises it to scripts. Mistakes in it throw CommanderError. */
export function buildProgram(): Command {
  const program = new Command('strata')
    .description('Train and study cross-layer transcoders on CLIP vision transformers.')
    .version(strataVersion)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'strata: ')) });

  command(program, 'demo')
    .description('the whole pipeline on the embedded model and images')
    .option('--out <dir>', 'the project folder to make or go on with', './strata-demo')
    .option('--quick', 'fewer images and steps: two minutes instead of ten')
    .action(demo);
  command(program, 'new <dir>').description('make a project folder').action(newProject);
  const model = program.command('model').description('the models of a project');
  inProject(command(model, 'add <path>'))
    .description('add a CLIP model folder as HuggingFace keeps it')
    .option('--name <name>', "what recipes call it (the folder's name)")
    .action(addModel);
  const data = program.command('data').description('the data sets of a project');
  inProject(command(data, 'add <path>'))
    .description('add a folder or archive of images, one folder a class')
    .addOption(new Option('--format <format>', 'kind of data set (told by the path)').choices(formatIds))
    .option('--name <name>', "what recipes call it (the file's name)")
    .action(addData);
  inProject(command(program, 'run <recipe.yaml|run>'))
    .description('carry out a recipe, each run of one that lists values, or a run; again, it goes on or does nothing')
    .action(run);
  inProject(command(program, 'list')).description('models, data sets, runs and jobs').action(list);
  inProject(command(program, 'results <run>'))
    .description("a run's results document")
    .option('--out <file>', 'write it there')
    .action(results);
  inProject(command(program, 'export <run>'))
    .description("a run's weights (circuit-tracer's layout) and results.json")
    .requiredOption('--to <dir>', 'the folder to write')
    .action(exportTo);
  command(program, 'doctor')
    .description('versions, execution providers, memory and disk of this machine')
    .option('--project <dir>', 'the folder whose disk to look at (the present one)')
    .action(doctor);
  return program;
}

function command(parent: Command, nameAndArguments: string): Command {
  return parent.command(nameAndArguments).option('--json', 'answer in JSON on standard output');
}

function inProject(child: Command): Command {
  return child.requiredOption('--project <dir>', 'the project folder');
}
