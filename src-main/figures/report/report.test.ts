import { describe, expect, it } from 'vitest';
import { randomResults } from '../../testing/random-results.ts';
import { sampleSheet } from '../../testing/retrieval-sheet.ts';
import { claims } from '../claims/index.ts';
import { deviation, mean } from '../statistics.ts';
import { type ReportInput, reportHtml } from './index.ts';

const runs = ['relu-topk', 'abs-topk'].flatMap((kind) =>
  [0, 1].map((seed) => ({
    results: randomResults({ layers: 3, seed, sparsifier: { kind } }),
    configHash: `${kind}${seed}`.padEnd(64, '0'),
  })),
);
const input: ReportInput = {
  project: 'a <b> & c',
  strataVersion: '9.8.7',
  runs,
  unfinished: [{ id: 'late-1', state: 'interrupted' }],
};

/** The page without the font, its one long line. */
const readable = (html: string) => html.replace(/base64,[A-Za-z0-9+/=]+/g, 'base64,');

describe('the report', () => {
  it('needs nothing from outside and runs no script', async () => {
    const html = readable(await reportHtml({ ...input, runs: [{ ...runs[0], retrievalSheets: [sampleSheet(3)] }] }));
    expect(html).not.toMatch(/https?:/);
    expect(html).not.toMatch(/<script|<link|@import| on\w+="/);
    const references = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) expect(reference).toMatch(/^(#|data:image\/)/);
    expect(html.match(/url\(([^)]{0,20})/g)?.every((url) => url.startsWith('url(data:font'))).toBe(true);
    // Every anchor leads somewhere.
    for (const anchor of references.filter((reference) => reference.startsWith('#'))) {
      expect(html).toContain(` id="${anchor.slice(1)}"`);
    }
  });

  it('names every claim with its rule, every run with its hashes, and what is unfinished', async () => {
    const html = readable(await reportHtml(input));
    for (const { title } of claims) expect(html).toContain(title);
    for (const { results, configHash } of runs) {
      expect(html).toContain(results.run.id);
      expect(html).toContain(configHash);
      expect(html).toContain(results.run.model.sha256);
    }
    expect(html).toContain('late-1');
    expect(html).toContain('interrupted');
    expect(html).toContain('Cross-layer transcoders in a &lt;b&gt; &amp; c');
    expect(html).not.toMatch(/NaN|undefined/);
  });

  it('has the mean and the standard deviation over seeds', async () => {
    const html = readable(await reportHtml(input));
    const cosines = runs.slice(0, 2).map(({ results }) => mean(results.reconstruction.cls.map(({ cosine }) => cosine)));
    expect(html).toContain(`${mean(cosines).toFixed(3)} ± ${deviation(cosines).toFixed(3)}`);
    expect(html).toContain('relu-topk (2 seeds)');
  });

  it('is made for readers of all kinds: named pictures, captions, one first heading', async () => {
    const html = readable(await reportHtml(input));
    const pictures = html.match(/<svg[^>]*>/g) ?? [];
    expect(pictures.length).toBeGreaterThan(10);
    for (const picture of pictures) expect(picture).toMatch(/role="img" aria-label="[^"]+"/);
    expect(html.match(/<table>/g)?.length).toBe(html.match(/<caption>[^<]/g)?.length);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('@media print');
  });

  it('says in words what a run has not measured', async () => {
    const { prompts, retrieval, cascade, ...rest } = runs[0].results;
    const html = readable(await reportHtml({ ...input, runs: [{ ...runs[0], results: rest }] }));
    expect(html).toContain('Not measured: cascaded replacement, accuracy by prompt template, retrieval precision.');
  });

  it('is the same text every time, and a page without runs too', async () => {
    expect(await reportHtml(input)).toBe(await reportHtml(input));
    const empty = await reportHtml({ ...input, runs: [] });
    expect(empty).toContain('No run of this project is finished yet.');
  });
});
