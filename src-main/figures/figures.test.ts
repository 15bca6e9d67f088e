import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Results } from '../contract/results.ts';
import { randomResults } from '../testing/random-results.ts';
import { sampleSheet } from '../testing/retrieval-sheet.ts';
import type { Drawing, FigureInput, FigureWidth } from './figure.ts';
import { figures } from './index.ts';
import { runGroups } from './run-groups.ts';

const kinds = ['relu-topk', 'abs-topk', 'jumprelu'];
const widths: readonly FigureWidth[] = ['single', 'double'];

function figure(id: string) {
  const found = figures.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
}

async function drawn(id: string, input: FigureInput, width: FigureWidth = 'double'): Promise<Drawing> {
  const drawing = await figure(id).draw(input, width);
  if (drawing === undefined) throw new Error(`${id} draws nothing`);
  return drawing;
}

/** The texts of a drawing, in the order in which they were written. */
function texts({ svg }: Drawing): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

const grid = (): Results[] =>
  kinds.flatMap((kind) => [0, 1, 2].map((seed) => randomResults({ layers: 4, seed, sparsifier: { kind } })));

describe('every figure', () => {
  it('draws a model of any depth in both widths, in print sizes, without a gap in its numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 24 }), fc.nat(1000), async (layers, seed) => {
        const input = { runs: [randomResults({ layers, seed })], retrievalSheet: sampleSheet(layers) };
        for (const { id, columns } of figures) {
          for (const width of widths) {
            const drawing = await drawn(id, input, width);
            expect(drawing.svg).toContain(width === 'single' ? 'width="3.25in"' : 'width="6.75in"');
            expect(drawing.svg).not.toMatch(/NaN|undefined|Infinity/);
            const sizes = [...drawing.svg.matchAll(/font-size="([\d.]+)(px)?"/g)].map(([, size]) => Number(size));
            expect(Math.min(...sizes)).toBeGreaterThanOrEqual(6.5);
            expect(drawing.rows.length).toBeGreaterThan(0);
            for (const row of drawing.rows)
              expect(Object.keys(columns)).toEqual(expect.arrayContaining(Object.keys(row)));
          }
        }
      }),
      {
        numRuns: 8,
        examples: [
          [1, 0],
          [2, 1],
          [24, 2],
        ],
      },
    );
  });

  it('draws nothing where the results lack what it shows', async () => {
    const { cascade, contribution, necessity, audit, auditSpearman, prompts, retrieval, ...bare } = randomResults({
      layers: 3,
    });
    const shown = await Promise.all(
      figures.map(async ({ id, draw }) => ((await draw({ runs: [bare] }, 'single')) ? [id] : [])),
    );
    expect(shown.flat()).toEqual(['reconstruction']);
    expect(await figure('reconstruction').draw({ runs: [] }, 'single')).toBeUndefined();
  });

  it('stays whole when every number is the same', async () => {
    const run = randomResults({ layers: 3 });
    const flat = { cosine: 1, mse: 0, r2: 1, l0: 0, dead: 0 };
    const rows = [0, 1, 2].map((layer) => ({ layer, ...flat }));
    const input = { runs: [{ ...run, reconstruction: { cls: rows, patches: rows, all: rows } }] };
    expect((await drawn('reconstruction', input)).svg).not.toMatch(/NaN|Infinity/);
  });
});

describe('reconstruction', () => {
  it('has a series for every recipe and the numbers of every run', async () => {
    const runs = grid();
    const drawing = await drawn('reconstruction', { runs });
    for (const kind of kinds) expect(texts(drawing)).toContain(`${kind} (3 seeds)`);
    const expected = runs.flatMap(({ run, reconstruction }) =>
      (['cls', 'patches', 'all'] as const).flatMap((tokens) =>
        reconstruction[tokens].map((row) => ({
          run: run.id,
          series: run.config.train.sparsifier.kind,
          seed: run.seed,
          tokens,
          ...row,
        })),
      ),
    );
    expect(drawing.rows).toEqual(expected);
    expect(figure('reconstruction').caption({ runs })).toContain('bands one standard deviation');
  });

  it('draws the mean over seeds at its place', async () => {
    const runs = [0, 1].map((seed) => randomResults({ layers: 2, seed }));
    const [low, high] = [0.5, 0.7].map((cosine) =>
      [0, 1].map((layer) => ({ layer, cosine, mse: 0.1, r2: 0.5, l0: 1, dead: 0 })),
    );
    const input = runs.map((run, at) => {
      const rows = at === 0 ? low : high;
      return { ...run, reconstruction: { cls: rows, patches: rows, all: rows } };
    });
    const { svg } = await drawn('reconstruction', { runs: input });
    // Mean 0.6 and its deviation are centred in the panel of 92 points, as the scale has equal margins around them.
    expect(svg).toMatch(/<path d="M[\d.]+,46L[\d.]+,46" stroke="#0072B2"/);
  });
});

describe('cascade', () => {
  it('shows the frozen model of the same images as a line, in percent', async () => {
    const run = randomResults({ layers: 4 });
    const { svg, rows } = await drawn('cascade', { runs: [run] });
    expect(rows.map(({ top1 }) => top1)).toEqual(run.cascade?.map(({ top1 }) => top1));
    const [, level] = /translate\([\d.]+,([\d.]+)\)" x2="-[\d.]+" y2="0" stroke="#595959"/.exec(svg) ?? [];
    const values = [...(run.cascade ?? []).map(({ top1 }) => top1), run.cascade?.[0].frozenTop1 ?? 0].map(
      (top1) => 100 * top1,
    );
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = (high - low) * 0.06;
    const expected = 130 * (1 - (values[values.length - 1] - low + margin) / (high - low + 2 * margin));
    expect(Number(level)).toBeCloseTo(expected, 1);
  });

  it('prints every figure of every window in its table', async () => {
    const run = randomResults({ layers: 3 });
    const { table, rows } = await drawn('cascade-table', { runs: [run] }, 'single');
    expect(rows).toEqual(run.cascade);
    const cls = run.cascade?.filter(({ tokens }) => tokens === 'cls')[1];
    expect(table?.sections[0].rows[1]).toEqual([
      '1→2',
      (100 * (cls?.top1 ?? 0)).toFixed(1),
      (100 * (cls?.top5 ?? 0)).toFixed(1),
      cls?.kl.toFixed(3),
      (100 * (cls?.flipRate ?? 0)).toFixed(1),
      cls?.top5Agreement.toFixed(3),
      cls?.cosine.toFixed(3),
      cls?.cka.toFixed(3),
      cls?.spearman.toFixed(3),
    ]);
  });
});

describe('contribution', () => {
  const scores = [
    [1, 0.5, -1],
    [null, 0.5, 0],
    [null, null, 2],
  ];
  const run = { ...randomResults({ layers: 3 }), contribution: { cls: scores, patches: scores, all: scores } };

  it('colours -1, 0 and 1 by the ends and the middle of the fixed scale, and prints each value in its cell', async () => {
    const { svg, rows } = await drawn('contribution', { runs: [run] });
    const cells = [
      ...svg.matchAll(
        /<rect x="([\d.]+)" y="([\d.]+)" [^>]*fill="(#\w+)" stroke="#ffffff"[^>]*\/><text[^>]*>([^<]*)</g,
      ),
    ]
      .slice(0, 6)
      .map(([, x, y, fill, text]) => ({ x: Number(x), y: Number(y), fill, text }));
    expect(cells.map(({ fill, text }) => [fill, text])).toEqual([
      ['#b2182b', '1.00'],
      ['#f4a582', '.500'],
      ['#2166ac', '−1.00'],
      ['#f4a582', '.500'],
      ['#ffffff', '.000'],
      ['#b2182b', '2.00'],
    ]);
    // The target goes to the right, the source upward.
    const [first, second, third, fourth] = cells;
    expect([first.x < second.x, second.x < third.x, fourth.x === second.x]).toEqual([true, true, true]);
    expect([first.y === third.y, fourth.y < first.y]).toEqual([true, true]);
    expect(rows).toHaveLength(18);
    expect(rows[2]).toEqual({ tokens: 'cls', source: 0, target: 2, score: -1 });
  });

  it('keeps every number of a deep model in its cell, printed upward', async () => {
    const { svg } = await drawn('contribution', { runs: [randomResults({ layers: 24 })] }, 'single');
    expect(svg.match(/rotate\(-90\)">−?\d?\.\d+</g)).toHaveLength(2 * 300);
  });
});

describe('necessity', () => {
  it('gives the controls as mean and spread over their seeds, and differences to the frozen model', async () => {
    const run = randomResults({ layers: 6 });
    const row = {
      tokens: 'cls' as const,
      n: 100,
      frozenTop1: 0.6,
      ranking: [5, 4, 3, 2, 1, 0],
      dropTop1: { source: 5, top1: 0.5 },
      keepTop4: { sources: [5, 4, 3, 2], top1: 0.61 },
      controls: [
        { name: 'drop-random', seed: 0, sources: [1], top1: 0.58 },
        { name: 'drop-random', seed: 1, sources: [2], top1: 0.6 },
        { name: 'keep-worst-4', sources: [3, 2, 1, 0], top1: 0.2 },
      ],
    };
    const { table, rows } = await drawn('necessity', { runs: [{ ...run, necessity: [row] }] });
    expect(table?.sections).toEqual([
      {
        title: 'CLS token',
        rows: [
          ['frozen model', '', '60.0', ''],
          ['without the best', 'L5', '50.0', '−10.0'],
          ['without a random source', '2 seeds', '59.0 ± 1.4', '−1.0'],
          ['best four only', 'L5 L4 L3 L2', '61.0', '+1.0'],
          ['worst four only', 'L3 L2 L1 L0', '20.0', '−40.0'],
        ],
      },
    ]);
    expect(rows.map(({ condition, top1 }) => [condition, top1])).toEqual([
      ['drop-top-1', 0.5],
      ['keep-top-4', 0.61],
      ['drop-random', 0.58],
      ['drop-random', 0.6],
      ['keep-worst-4', 0.2],
    ]);
  });
});

describe('audit', () => {
  it('labels every layer once in a panel and tells rho in the caption', async () => {
    const run = { ...randomResults({ layers: 12 }), auditSpearman: -0.873 };
    const drawing = await drawn('audit', { runs: [run] }, 'single');
    const labels = texts(drawing).filter((text) => /^L\d+$/.test(text));
    expect(labels.sort()).toEqual([...(run.audit ?? []), ...(run.audit ?? [])].map(({ layer }) => `L${layer}`).sort());
    expect(figure('audit').caption({ runs: [run] })).toContain('ρ = −0.87 (mean ablation)');
    expect(drawing.rows.map(({ score }) => score)).toEqual(run.contribution?.cls.map((row) => row[11]));
  });
});

describe('retrieval', () => {
  it('shows a row a layer with its hits, whose class agreement is told without colour too', async () => {
    const drawing = await drawn('retrieval-sheet', { runs: [], retrievalSheet: sampleSheet(3) });
    expect(texts(drawing).filter((text) => /^L\d$/.test(text))).toEqual(['L0', 'L1', 'L2']);
    expect(drawing.svg.match(/<image /g)).toHaveLength(1 + 3 * 2 * 3);
    expect(texts(drawing).slice(4, 8)).toEqual(['.90 ✓', 'cat &amp; &lt;dog&gt; 0', '.80', 'cat &amp; &lt;dog&gt; 1']);
    expect(drawing.rows[1]).toEqual({
      layer: 0,
      tokens: 'cls',
      rank: 2,
      caption: 'cat & <dog> 1',
      similarity: 0.8,
      sameClass: 0,
    });
  });

  it('draws the raw activations of one model and data set once', async () => {
    const { svg } = await drawn('retrieval-precision', { runs: grid() });
    // Two panels, one dashed grey line each, beside the legend's.
    expect(svg.match(/<path d="[^"]*" stroke="#595959"[^>]*stroke-dasharray="3,1.5"/g)).toHaveLength(2);
  });
});

describe('runs over seeds', () => {
  it('are one group, named by what sets it apart', () => {
    const k = (value: number, seed: number) =>
      randomResults({ layers: 2, seed, sparsifier: { kind: 'relu-topk', k: value } });
    const groups = runGroups([
      k(32, 1),
      k(64, 0),
      k(32, 0),
      randomResults({ layers: 2, sparsifier: { kind: 'jumprelu' } }),
    ]);
    expect(groups.map(({ label, runs }) => [label, runs.map(({ run }) => run.seed)])).toEqual([
      ['relu-topk, k 32', [0, 1]],
      ['relu-topk, k 64', [0]],
      ['jumprelu', [0]],
    ]);
  });
});
