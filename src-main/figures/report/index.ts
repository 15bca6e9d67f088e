import type { Results } from '../../contract/results.ts';
import type { RetrievalSheet } from '../figure.ts';
import { figures } from '../index.ts';
import { runGroups, sparsifierLabel } from '../run-groups.ts';
import { claimsSection } from './claims-section.ts';
import { comparisons } from './comparison.ts';
import { contextSection } from './context-section.ts';
import { figureHtml } from './figure-html.ts';
import { element, escapeText, heading, htmlTable, paragraph } from './html.ts';
import { missingSections } from './missing.ts';
import { reportStyle } from './style.ts';

/** A finished run as the report shows it. */
export interface ReportRun {
  results: Results;
  /** SHA-256 of the recipe with the model's and the data set's hashes. */
  configHash: string;
  /** Sheets of some test images. */
  retrievalSheets?: readonly RetrievalSheet[];
}

export interface ReportInput {
  /** What the project is called. */
  project: string;
  strataVersion: string;
  runs: readonly ReportRun[];
  unfinished: readonly { id: string; state: string }[];
}

/** The report of a project: one page that needs nothing from outside. The same input gives the same text. */
export async function reportHtml(input: ReportInput): Promise<string> {
  const results = input.runs.map((run) => run.results);
  const groups = runGroups(results);
  const body = [
    header(input),
    navigation(input),
    element(
      'main',
      {},
      ...(groups.length > 0
        ? [
            claimsSection(groups),
            runsTable(input.runs),
            results.length > 1 ? await comparisonSection(results) : '',
            contextSection(groups),
          ]
        : [paragraph('No run of this project is finished yet.')]),
      unfinishedSection(input.unfinished),
      ...(await Promise.all(input.runs.map(runSection))),
    ),
  ];
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'generator', content: `Strata ${input.strataVersion}` }),
    element('title', {}, escapeText(`${input.project}: Strata report`)),
    `<style>${reportStyle()}</style>`,
  ];
  return `<!doctype html>\n${element('html', { lang: 'en' }, element('head', {}, ...head), element('body', {}, ...body))}\n`;
}

function header({ project, strataVersion, runs, unfinished }: ReportInput): string {
  const counted = `${runs.length} finished ${runs.length === 1 ? 'run' : 'runs'}`;
  const open = unfinished.length > 0 ? `, ${unfinished.length} unfinished` : '';
  return element(
    'header',
    {},
    element('h1', {}, escapeText(`Cross-layer transcoders in ${project}`)),
    paragraph(`${counted}${open}. Made by Strata ${strataVersion} from the runs’ results documents.`, 'quiet'),
  );
}

function navigation({ runs, unfinished }: ReportInput): string {
  const link = (id: string, text: string) => element('li', {}, element('a', { href: `#${id}` }, escapeText(text)));
  const sections =
    runs.length > 0
      ? [
          link('claims', 'Claims'),
          link('runs', 'Runs'),
          ...(runs.length > 1 ? [link('compared', 'Compared')] : []),
          link('published', 'Published figures'),
        ]
      : [];
  const rest = [
    ...(unfinished.length > 0 ? [link('unfinished', 'Unfinished')] : []),
    ...runs.map(({ results: { run } }) => link(`run-${run.id}`, run.id)),
  ];
  return element('nav', { 'aria-label': 'Sections' }, element('ul', {}, ...sections, ...rest));
}

function runsTable(runs: readonly ReportRun[]): string {
  const rows = runs.map(({ results, configHash }) => {
    const { run, zeroShot, timings } = results;
    const { train } = run.config;
    return [
      run.id,
      sparsifierLabel(results),
      String(run.seed),
      run.model.name,
      run.dataset.name,
      `${run.dataset.train} / ${run.dataset.test}`,
      String(train.steps),
      `${(100 * zeroShot.top1).toFixed(1)} (n = ${zeroShot.n})`,
      seconds(Object.values(timings).reduce((sum, value) => sum + value, 0)),
      configHash.slice(0, 12),
      missingSections(results).join(', ') || 'nothing',
    ];
  });
  const titles = [
    'run',
    'sparsifier',
    'seed',
    'model',
    'data',
    'images train / test',
    'steps',
    'frozen top-1 (%)',
    'time',
    'config hash',
    'not measured',
  ];
  const numeric = ['seed', 'images train / test', 'steps', 'frozen top-1 (%)', 'time'];
  return element(
    'section',
    { 'aria-labelledby': 'runs' },
    heading(2, 'Runs', 'runs'),
    htmlTable('Finished runs, oldest first.', {
      columns: titles.map((title) => ({ title, align: numeric.includes(title) ? 'right' : 'left' })),
      sections: [{ title: '', rows }],
    }),
  );
}

async function comparisonSection(results: readonly Results[]): Promise<string> {
  const groups = runGroups(results);
  const drawn = await Promise.all(figures.map((figure) => figureHtml(figure, { runs: results })));
  const tables = comparisons(groups).map(({ title, caption, table }) => heading(4, title) + htmlTable(caption, table));
  return element(
    'section',
    { 'aria-labelledby': 'compared' },
    heading(2, 'Runs side by side', 'compared'),
    paragraph(
      'Runs whose recipes differ in nothing but their seed and name count as one recipe, with its mean and spread.',
    ),
    ...drawn,
    ...tables,
  );
}

function unfinishedSection(unfinished: ReportInput['unfinished']): string {
  if (unfinished.length === 0) return '';
  return element(
    'section',
    { 'aria-labelledby': 'unfinished' },
    heading(2, 'Unfinished runs', 'unfinished'),
    htmlTable('Runs without complete results; carry out their recipes again to finish them.', {
      columns: [
        { title: 'run', align: 'left' },
        { title: 'state', align: 'left' },
      ],
      sections: [{ title: '', rows: unfinished.map(({ id, state }) => [id, state]) }],
    }),
  );
}

async function runSection({ results, configHash, retrievalSheets = [] }: ReportRun): Promise<string> {
  const { run, timings } = results;
  const missing = missingSections(results);
  const drawn = await Promise.all(figures.map((figure) => figureHtml(figure, { runs: [results] })));
  const sheets = await Promise.all(
    retrievalSheets.flatMap((retrievalSheet) =>
      figures
        .filter(({ id }) => id === 'retrieval-sheet')
        .map((figure) => figureHtml(figure, { runs: [results], retrievalSheet })),
    ),
  );
  const facts = [
    ['run', run.id],
    ['seed', String(run.seed)],
    ['config hash', configHash],
    ['model', `${run.model.name}, SHA-256 ${run.model.sha256}`],
    ['data set', `${run.dataset.name}, SHA-256 ${run.dataset.sha256}`],
    [
      'time',
      Object.entries(timings)
        .map(([stage, value]) => `${stage} ${seconds(value)}`)
        .join(', '),
    ],
  ];
  return element(
    'section',
    { 'aria-labelledby': `run-${run.id}` },
    heading(2, run.id, `run-${run.id}`),
    htmlTable('Where it comes from.', {
      columns: [
        { title: '', align: 'left' },
        { title: 'value', align: 'left' },
      ],
      sections: [{ title: '', rows: facts }],
    }),
    element(
      'details',
      {},
      element('summary', {}, 'Recipe'),
      element('pre', {}, escapeText(JSON.stringify(run.config, null, 2))),
    ),
    ...(missing.length > 0 ? [paragraph(`Not measured: ${missing.join(', ')}.`)] : []),
    ...drawn,
    ...sheets,
  );
}

function seconds(value: number): string {
  return value < 120 ? `${value.toFixed(0)} s` : `${(value / 60).toFixed(1)} min`;
}
