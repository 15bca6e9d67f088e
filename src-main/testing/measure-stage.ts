import { stages } from '../pipeline/index.ts';
import { openProject } from '../store/project.ts';
import { recipeOf, stageContext } from './project.ts';

/** Entry of a process that runs one stage and prints its peak memory in bytes: `measure-stage.ts PROJECT STAGE RECIPE`. */
const [dir, stageId, recipe] = process.argv.slice(2);
const project = await openProject(dir);
const context = await stageContext(project, recipeOf(JSON.parse(recipe)));
await stages.find(({ id }) => id === stageId)?.run(context);
await project.close();
// Node gives maxRSS in kilobytes on every platform.
process.stdout.write(`${process.resourceUsage().maxRSS * 1024}\n`);
