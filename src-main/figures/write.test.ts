import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDir } from '../store/test-project.ts';
import { randomResults } from '../testing/random-results.ts';
import { sampleSheet } from '../testing/retrieval-sheet.ts';
import { figures } from './index.ts';
import type { Provenance } from './provenance.ts';
import { type FigureFile, figureFiles, writeFigures } from './write.ts';

const run = randomResults({ layers: 4 });
const provenance: Provenance = {
  strataVersion: '9.8.7',
  runs: [
    {
      id: 'démo-1',
      configHash: 'c'.repeat(64),
      seed: 0,
      model: { name: 'mini-clip', sha256: 'a'.repeat(64) },
      dataset: { name: 'emoji', sha256: 'b'.repeat(64) },
    },
  ],
};

function parsed(text: string): unknown {
  return JSON.parse(text);
}

/** A text of the PDF's Info dictionary, which points to it. */
function info(pdf: string, key: string): string {
  const [, number] = new RegExp(`/${key} (\\d+) 0 R`).exec(pdf) ?? [];
  const [, text = ''] = new RegExp(`\n${number} 0 obj\n\\((.*)\\)\nendobj`).exec(pdf) ?? [];
  return text.replace(/\\(.)/g, '$1');
}

async function filesOf(id: string): Promise<Record<string, FigureFile['content']>> {
  const figure = figures.find((candidate) => candidate.id === id);
  if (figure === undefined) throw new Error(`no figure ${id}`);
  const files = await figureFiles(figure, { runs: [run], retrievalSheet: sampleSheet(4) }, provenance);
  return Object.fromEntries(files.map(({ name, content }) => [name, content]));
}

describe('the files of a figure', () => {
  it.each(figures.map(({ id }) => id))(
    '%s has the right size in every format, provenance in each, embedded fonts',
    async (id) => {
      const files = await filesOf(id);
      expect(Object.keys(files)).toEqual([
        ...['single.svg', 'single.png', 'single.pdf'].map((end) => `${id}-${end}`),
        `${id}.csv`,
        ...['double.svg', 'double.png', 'double.pdf'].map((end) => `${id}-${end}`),
        `${id}.json`,
      ]);
      for (const [width, inches] of [
        ['single', 3.25],
        ['double', 6.75],
      ] as const) {
        const svg = String(files[`${id}-${width}.svg`]);
        expect(svg).toContain(`width="${inches}in"`);
        const [, kept] = /<strata:provenance>(.*)<\/strata:provenance>/.exec(svg) ?? [];
        expect(parsed(kept.replaceAll('&quot;', '"'))).toEqual(provenance);

        const png = Buffer.from(files[`${id}-${width}.png`]);
        const { density, width: pixels, comments } = await sharp(png).metadata();
        expect([density, pixels]).toEqual([300, inches * 300]);
        const text = comments?.find(({ keyword }) => keyword === 'Provenance')?.text ?? '';
        expect(parsed(text)).toEqual(provenance);
        // Something is drawn, on white.
        const { channels } = await sharp(png).stats();
        expect([channels[0].max, channels[0].min < 120]).toEqual([255, true]);

        const pdf = Buffer.from(files[`${id}-${width}.pdf`]).toString('latin1');
        expect(pdf.includes(`/MediaBox [0 0 ${inches * 72} `)).toBe(true);
        expect(pdf.match(/\/FontFile2 /g)?.length).toBeGreaterThan(0);
        expect(pdf.match(/\/FontFile2 /g)?.length).toBe(pdf.match(/\/Subtype \/Type0/g)?.length);
        expect(/Helvetica|Times|\/Subtype \/Type1/.test(pdf)).toBe(false);
        expect(pdf.includes('/ToUnicode')).toBe(true);
        expect(info(pdf, 'Creator')).toBe('Strata 9.8.7');
        expect(parsed(info(pdf, 'Keywords'))).toEqual(provenance);
      }
      const sidecar = parsed(String(files[`${id}.json`]));
      expect(sidecar).toMatchObject({ id, provenance, files: Object.keys(files).slice(0, -1) });
      expect(String(files[`${id}.csv`])).not.toContain('9.8.7');
    },
  );

  it('are the same bytes every time', async () => {
    const first = await filesOf('cascade');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await filesOf('cascade')).toEqual(first);
  });

  it('hold the document’s numbers, unrounded, in the CSV', async () => {
    const csv = String((await filesOf('cascade-table'))['cascade-table.csv']);
    const [heading, ...lines] = csv.trimEnd().split('\n');
    expect(heading).toBe('from,tokens,top1,top5,n,frozenTop1,kl,flipRate,top5Agreement,cosine,cka,spearman');
    const expected = run.cascade?.map((row) =>
      [
        row.from,
        row.tokens,
        row.top1,
        row.top5,
        row.n,
        row.frozenTop1,
        row.kl,
        row.flipRate,
        row.top5Agreement,
        row.cosine,
        row.cka,
        row.spearman,
      ].join(),
    );
    expect(lines).toEqual(expected);
  });

  it('quote what a CSV must', async () => {
    const csv = String((await filesOf('retrieval-sheet'))['retrieval-sheet.csv']);
    expect(csv.split('\n')[1]).toBe('0,cls,1,cat & <dog> 0,0.9,1');
    const prompts = String((await filesOf('prompt-spread'))['prompt-spread.csv']);
    expect(prompts.split('\n')[1]).toContain('"a small picture of a {}, 0."');
  });

  it('write text, not outlines, into the PDF', async () => {
    const pdf = Buffer.from((await filesOf('necessity'))['necessity-single.pdf']);
    const streams = [...pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(([, body]) => {
      try {
        return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')];
      } catch {
        return [];
      }
    });
    expect(streams.some((stream) => /\bTJ\b|\bTj\b/.test(stream))).toBe(true);
    // Drawn in the page's own points, down to the edge: a scale would show in the matrices.
    const drawing = streams.find((stream) => stream.includes(' Tf')) ?? '';
    expect(drawing).toContain('\n234 0 l\n');
    for (const [, a, b, c, d] of drawing.matchAll(/^(\S+) (\S+) (\S+) (\S+) \S+ \S+ cm$/gm)) {
      expect(Math.abs(Number(a) * Number(d) - Number(b) * Number(c))).toBeCloseTo(1, 6);
    }
    const sizes = [...drawing.matchAll(/^\/F\d+ (\S+) Tf$/gm)].map(([, size]) => Number(size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(6.5);
    // A ToUnicode map names the characters that were used: 'f' of 'frozen model' is U+0066.
    expect(streams.some((stream) => stream.includes('begincmap') && stream.includes('0066'))).toBe(true);
  });
});

describe('a folder of figures', () => {
  it('is replaced as a whole, and leaves nothing else behind', async () => {
    const parent = await temporaryDir(onTestFinished);
    const dir = join(parent, 'figures');
    await mkdir(dir);
    await writeFile(join(dir, 'stale.svg'), 'old');
    const { cascade, prompts, ...rest } = run;
    const files = await writeFigures(dir, { runs: [rest] }, { provenance });
    expect(await readdir(parent)).toEqual(['figures']);
    expect((await readdir(dir)).map((name) => join(dir, name)).sort()).toEqual(files.toSorted());
    expect(new Set(files.map((file) => file.slice(dir.length + 1).replace(/(-single|-double)?\.\w+$/, '')))).toEqual(
      new Set(['reconstruction', 'contribution', 'necessity', 'audit', 'retrieval-precision']),
    );
    expect(await readFile(join(dir, 'audit-double.svg'), 'utf8')).toContain('<title>Audit');
  });
});
