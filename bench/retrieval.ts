import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nearest } from '../src-main/core/nearest.ts';
import { imageRow, type RetrievalGroup, retrievalGroups } from '../src-main/core/pooled-code.ts';
import { Rng } from '../src-main/core/rng.ts';
import { appendCode, codeAt, indexArray, type SparseCodes } from '../src-main/core/sparse-codes.ts';
import { createSession, floats, floatTensor } from '../src-main/engine/session.ts';
import { GraphBuilder } from '../src-main/graphs/builder.ts';
import { Ops } from '../src-main/graphs/ops.ts';
import { capture } from '../src-main/pipeline/capture.ts';
import { eachCodeBatch } from '../src-main/pipeline/code-batches.ts';
import { type CodeSearch, openCodeSearch } from '../src-main/pipeline/code-search.ts';
import { Progress } from '../src-main/pipeline/progress.ts';
import { train } from '../src-main/pipeline/train.ts';
import { chosenImages } from '../src-main/store/image-choice.ts';
import { demoProject, recipeOf, stageContext } from '../src-main/testing/project.ts';
import { milliseconds, sideBySide } from './timing.ts';

const images = 50_000;
const sources = 600;
const k = 3;
const rounds = 15;
const layers = 8;

/**
 * S is the embedded model with the demo's CLT. M has the width of ViT-B/32 and a 4x CLT; the codes are those of a CLT of
 * so many features on the embedded model. Dense matrices beyond `matrices` are scanned again in turn, which no cache holds.
 */
const sizes = {
  S: { width: 192, features: 768, matrices: 4, train: { steps: 80, batchTokens: 1024 } },
  M: { width: 768, features: 3072, matrices: 2, train: { steps: 40, batchTokens: 512 } },
} as const;

/** Pieces of a real image's patches that collages are made of, and the CLS token's codes. */
interface Source {
  cls: Float32Array;
  /** Pooled codes [L*m] of the upper and lower half. */
  halves: Float32Array[];
}

/**
 * Top-3 of 50,000 images for all layers and both token groups, on one thread: the code index beside the dense cosine scan
 * that gives the same answer, every code written out as m numbers, in plain TypeScript and by onnxruntime; and beside a
 * dense scan of raw activations, which answers another question with d numbers an image. The codes are those of a briefly trained CLT on embedded images,
 * of which collages make 50,000: the upper half of one image over the lower half of another, and CLS codes with the
 * activations of one varied by another's. The time of the dense scans does not depend on their values, so these are random.
 */
export async function benchRetrieval(name: keyof typeof sizes): Promise<string[]> {
  const { width, features, matrices, train: training } = sizes[name];
  const pieces = await realCodes(features, training);
  const segments: { search: CodeSearch; codes: SparseCodes }[] = [];
  const entries: Record<RetrievalGroup, number> = { cls: 0, patches: 0 };
  for (const group of retrievalGroups) {
    for (let layer = 0; layer < layers; layer++) {
      const codes = collages(pieces, features, layer, group);
      entries[group] += codes.indices.length / images / layers;
      segments.push({ search: await openCodeSearch(codes, 'many'), codes });
    }
  }
  const matricesOf = (columns: number) =>
    Array.from({ length: matrices }, (_, at) => randomValues(images * columns, `dense/${columns}/${at}`));
  const [dense, raw] = [matricesOf(features), matricesOf(width)];
  const own = randomValues(features, 'query');
  const scores = new Float32Array(images);
  const scan = await denseSession(own);
  const rawScan = await denseSession(own.subarray(0, width));
  let query = 0;
  const timings = await sideBySide(
    {
      async codes() {
        query += 97;
        for (const { search, codes } of segments) await search.search(codeAt(codes, query), { k, exclude: query });
      },
      async onnxruntime() {
        for (let at = 0; at < segments.length; at++) nearestOf(await scan.run(dense[at % matrices]));
      },
      async typescript() {
        for (let at = 0; at < segments.length; at++) nearestOf(denseScan(dense[at % matrices], own, scores));
      },
      async raw() {
        for (let at = 0; at < segments.length; at++) nearestOf(await rawScan.run(raw[at % matrices]));
      },
    },
    rounds,
  );
  await Promise.all([scan.release(), rawScan.release(), ...segments.map(({ search }) => search.release())]);
  const { codes, onnxruntime, typescript } = timings;
  const fastest = Math.min(onnxruntime.median, typescript.median);
  const times = (other: number) => (other / codes.median).toFixed(1);
  return [
    `top-${k} of ${images} images ${name} (L${layers} d${width} m${features}, CLS and pooled patches, ${entries.cls.toFixed(0)} and ${entries.patches.toFixed(0)} active features, one thread)`,
    `  ${milliseconds(codes)} by the code index (limit 100 ms)`,
    `  ${milliseconds(onnxruntime)} by a dense scan of the codes in onnxruntime, ${milliseconds(typescript)} in TypeScript: ${times(fastest)} times as long (at least 5 wanted)`,
    `  ${milliseconds(timings.raw)} by a dense scan of raw activations in onnxruntime: ${times(timings.raw.median)} times`,
  ];
}

/** Codes of real images by a CLT trained for some seconds. */
async function realCodes(features: number, training: object): Promise<Source[]> {
  const dir = mkdtempSync(join(tmpdir(), 'strata-bench-'));
  const project = await demoProject(join(dir, 'project'));
  const context = await stageContext(
    project,
    recipeOf({ name: 'bench', capture: { maxImages: sources }, train: { features, warmupSteps: 10, ...training } }),
  );
  await capture.run(context);
  await train.run(context);
  const chosen = await chosenImages(project, 'emoji', 'train', { maxImages: sources, seed: 0 });
  const found: Source[] = [];
  const columns = layers * features;
  await eachCodeBatch(
    context,
    chosen,
    { bar: new Progress(context, 'index', 'images', sources), done: 0 },
    async ({ images: batch, tokens, z }) => {
      for (let at = 0; at < batch.length; at++) {
        const own = z.subarray(at * tokens * columns, (at + 1) * tokens * columns);
        // A half's patches behind a token that stands in for CLS, as imageRow takes them.
        const middle = 1 + (tokens - 1) / 2;
        const halves = [own.subarray(0, middle * columns), own.subarray((middle - 1) * columns)];
        found.push({
          cls: imageRow(own, columns, 'cls').slice(),
          halves: halves.map((half) => imageRow(half, columns, 'patches').slice()),
        });
      }
    },
  );
  await project.close();
  rmSync(dir, { recursive: true });
  return found;
}

function collages(pieces: readonly Source[], features: number, layer: number, group: RetrievalGroup): SparseCodes {
  const rng = new Rng(0, `collages/${group}/${layer}`);
  const piece = () => pieces[rng.below(pieces.length)];
  const ofLayer = (values: Float32Array) => values.subarray(layer * features, (layer + 1) * features);
  const code = new Float32Array(features);
  const indptr = new Uint32Array(images + 1);
  let [indices, values] = [indexArray(features, images * 64), new Uint16Array(images * 64)];
  for (let row = 0; row < images; row++) {
    const [one, other] = [piece(), piece()];
    if (group === 'cls') {
      const [a, b] = [ofLayer(one.cls), ofLayer(other.cls)];
      code.set(a.map((value, feature) => (value === 0 ? 0 : value + 0.5 * b[feature])));
    } else {
      const tokens = new Float32Array(3 * features);
      tokens.set(ofLayer(one.halves[0]), features);
      tokens.set(ofLayer(other.halves[1]), 2 * features);
      imageRow(tokens, features, 'patches', code);
    }
    if (indptr[row] + features > indices.length) {
      const larger = indexArray(features, 2 * indices.length);
      larger.set(indices);
      const largerValues = new Uint16Array(2 * values.length);
      largerValues.set(values);
      [indices, values] = [larger, largerValues];
    }
    indptr[row + 1] = appendCode(code, indices, values, indptr[row]);
  }
  return { features, indptr, indices: indices.slice(0, indptr[images]), values: values.slice(0, indptr[images]) };
}

/** One query against rows of length 1 that lie transposed, [d, n]: the fastest of the layouts that were tried. */
async function denseSession(own: Float32Array) {
  const width = own.length;
  const graph = new GraphBuilder('dense-scan');
  const row = graph.input('query', 'float32', [1, width]);
  const matrix = graph.input('rows', 'float32', [width, images]);
  graph.output('cosines', new Ops(graph).matmul(row, matrix));
  const session = await createSession(graph.build(), { provider: 'cpu', threads: 1 });
  const query = floatTensor(own, [1, width]);
  return {
    run: async (rows: Float32Array) =>
      floats((await session.run({ query, rows: floatTensor(rows, [width, images]) })).cosines),
    release: () => session.release(),
  };
}

/** The same over rows [n, d], with four sums that do not wait for one another. */
function denseScan(matrix: Float32Array, query: Float32Array, scores: Float32Array): Float32Array {
  const width = query.length;
  for (let row = 0, at = 0; row < images; row++, at += width) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < width; i += 4) {
      a += matrix[at + i] * query[i];
      b += matrix[at + i + 1] * query[i + 1];
      c += matrix[at + i + 2] * query[i + 2];
      d += matrix[at + i + 3] * query[i + 3];
    }
    scores[row] = a + b + c + d;
  }
  return scores;
}

function nearestOf(scores: Float32Array) {
  const nearest = new Nearest(k);
  let { least } = nearest;
  for (let row = 0; row < scores.length; row++) {
    if (scores[row] <= least) continue;
    nearest.offer(row, scores[row]);
    least = nearest.least;
  }
  return nearest.list();
}

function randomValues(length: number, stream: string): Float32Array {
  const rng = new Rng(0, `bench/${stream}`);
  return Float32Array.from({ length }, () => rng.uniform() - 0.5);
}
