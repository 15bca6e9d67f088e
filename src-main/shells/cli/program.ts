import { Command, Option } from 'commander';
import { formatIds } from '../../data/datasets/index.ts';
import { featureOrders } from '../../store/feature-query.ts';
import { addData } from './commands/data.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { features } from './commands/features.ts';
import { importFrom } from './commands/import.ts';
import { addModel } from './commands/model.ts';
import { list, newProject } from './commands/project.ts';
import { report } from './commands/report.ts';
import { exportTo, results } from './commands/results.ts';
import { retrieve } from './commands/retrieve.ts';
import { run } from './commands/run.ts';
import { serve } from './commands/serve.ts';
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
    .option('--quick', 'fewer images and steps: three minutes instead of twelve')
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
    .description("a run's weights (circuit-tracer's layout), figures and results.json")
    .requiredOption('--to <dir>', 'the folder to write')
    .action(exportTo);
  inProject(command(program, 'import <dir>'))
    .description("a run that was exported, or a transcoder in circuit-tracer's layout")
    .option('--name <name>', "what the run is called (the folder's name; an exported run keeps its own)")
    .option('--model <name>', "the model it is for (the project's only one)")
    .option('--dataset <name>', "the images to measure it on (the project's only data set)")
    .action(importFrom);
  inProject(command(program, 'report'))
    .description('one HTML page with every figure and table of the project')
    .option('--out <file>', "where to write it (the project's report.html)")
    .action(report);
  inProject(command(program, 'retrieve <run> <image>'))
    .description('the training images nearest to one: a path in the data set, #index, or a file')
    .option('--k <n>', 'how many', '3')
    .option('--target <layer>', 'weigh features by what they write to this layer')
    .action(retrieve);
  inProject(command(program, 'features <run>'))
    .description("a run's features, or with --layer and --feature all about one")
    .option('--layer <n>', 'of this source layer')
    .option('--feature <n>', 'show this one')
    .option('--text <words>', 'whose label or top images have these words')
    .option('--label <name>', 'with this label')
    .option('--min-rate <share>', 'firing on at least this share of the tokens')
    .option('--max-rate <share>', 'firing on at most this share')
    .option('--min-max <activation>', 'whose largest activation is at least this')
    .option('--dead', 'those that never fire, which are left out otherwise')
    .addOption(new Option('--sort <order>', 'largest first').choices(featureOrders).default('max'))
    .option('--limit <n>', 'how many', '20')
    .option('--offset <n>', 'how many to pass over', '0')
    .action(features);
  command(program, 'serve')
    .description('the workbench in a browser, on this machine only')
    .option('--project <dir>', 'the project to open (chosen on the page)')
    .option('--port <n>', 'the port to listen on (a free one)', '0')
    .action(serve);
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
