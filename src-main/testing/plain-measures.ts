import type { TokenGroup } from '../core/tokens.ts';
import { type PlainClt, plainBias, plainCode, plainContribution } from './plain-clt.ts';

/**
 * The figures of a run by their definitions (method, sections 3 to 7), in plain loops over all tokens held in memory: slow,
 * and written apart from what the pipeline uses.
 */

/** One image as the frozen model sees it: [layer][token][d]. */
export interface PlainImage {
  label: number;
  x: number[][][];
  y: number[][][];
}

function tokensOf(group: TokenGroup, tokens: number): number[] {
  const all = Array.from({ length: tokens }, (_, token) => token);
  if (group === 'cls') return [0];
  return group === 'patches' ? all.slice(1) : all;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at], 0);
const norm = (a: readonly number[]) => Math.sqrt(dot(a, a));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Contributions [source][target] of one token's sources; x [layer][d]. */
function contributionsOf(clt: PlainClt, x: readonly number[][]): number[][][] {
  return x.map((values, source) => {
    const z = plainCode(clt, source, values);
    return x.map((_, target) => (target < source ? [] : plainContribution(clt, source, target, z)));
  });
}

/** Metrics and contribution scores of a token group over all images. */
export function plainReconstruction(clt: PlainClt, images: readonly PlainImage[], group: TokenGroup) {
  const { layers, width, features } = clt;
  const tokens = images.flatMap(({ x, y }) =>
    tokensOf(group, x[0].length).map((token) => ({ x: x.map((layer) => layer[token]), y: y.map((l) => l[token]) })),
  );
  const scores = Array.from({ length: layers }, () => Array<number>(layers).fill(0));
  const reconstructions = tokens.map(({ x }) => {
    const terms = contributionsOf(clt, x);
    return x.map((_, target) => {
      const total = Array<number>(width).fill(0);
      for (let source = 0; source <= target; source++) {
        for (let at = 0; at < width; at++) total[at] += terms[source][target][at];
      }
      for (let source = 0; source <= target; source++) {
        scores[source][target] += dot(terms[source][target], total) / dot(total, total) / tokens.length;
      }
      return total.map((value, at) => value + plainBias(clt, target)[at]);
    });
  });
  const rows = Array.from({ length: layers }, (_, layer) => {
    const pairs = tokens.map(({ y }, at) => ({ y: y[layer], yhat: reconstructions[at][layer] }));
    const errors = pairs.map(({ y, yhat }) => y.reduce((sum, value, at) => sum + (value - yhat[at]) ** 2, 0));
    const centre = Array.from({ length: width }, (_, at) => mean(pairs.map(({ y }) => y[at])));
    const spread = pairs.map(({ y }) => y.reduce((sum, value, at) => sum + (value - centre[at]) ** 2, 0));
    const codes = tokens.map(({ x }) => plainCode(clt, layer, x[layer]));
    const alive = Array.from({ length: features }, (_, feature) => codes.some((z) => z[feature] !== 0));
    return {
      layer,
      cosine: mean(pairs.map(({ y, yhat }) => dot(y, yhat) / (norm(y) * norm(yhat)))),
      mse: mean(errors) / width,
      r2: 1 - mean(errors) / mean(spread),
      l0: mean(codes.map((z) => z.filter((value) => value !== 0).length)),
      dead: alive.filter((fired) => !fired).length / features,
    };
  });
  return {
    rows,
    contribution: scores.map((row, source) => row.map((value, target) => (target < source ? null : value))),
  };
}

/** What replaces a block's MLP outputs in cascaded replacement from a block on; the sources' codes pile up in `terms`. */
export function plainReplacement(clt: PlainClt, from: number, group: TokenGroup) {
  const terms: number[][][][] = [];
  return (layer: number, ln2: number[][], mlpOut: number[][]): number[][] => {
    const replaced = new Set(tokensOf(group, ln2.length));
    terms.push(
      ln2.map((x) => {
        const z = plainCode(clt, layer, x);
        return Array.from({ length: clt.layers }, (_, target) =>
          target < layer ? [] : plainContribution(clt, layer, target, z),
        );
      }),
    );
    return mlpOut.map((frozen, token) => {
      if (layer < from || !replaced.has(token)) return frozen;
      return plainBias(clt, layer).map((bias, at) =>
        terms.reduce((sum, source) => sum + source[token][layer][at], bias),
      );
    });
  };
}

/** The vector with the largest magnitudes over tokens, signs kept. */
function pool(rows: readonly number[][]): number[] {
  return rows[0].map((_, at) => {
    let best = 0;
    for (const row of rows) if (Math.abs(row[at]) > Math.abs(best)) best = row[at];
    return best;
  });
}

/** An image's vector at a layer for retrieval: its code, or with `raw` its LN2 activation. */
export function plainDescriptor(
  clt: PlainClt,
  image: PlainImage,
  layer: number,
  group: 'cls' | 'patches',
  raw = false,
) {
  const rows = tokensOf(group, image.x[layer].length).map((token) => image.x[layer][token]);
  return pool(raw ? rows : rows.map((x) => plainCode(clt, layer, x)));
}

/** The three images most similar by cosine, the earlier one first where they tie. */
export function plainNearest(query: readonly number[], index: readonly (readonly number[])[]) {
  const similarity = index.map((row) => dot(query, row) / (norm(query) * norm(row) || 1));
  const order = Array.from(index.keys()).sort((a, b) => similarity[b] - similarity[a] || a - b);
  return order.slice(0, 3).map((image) => ({ image, similarity: similarity[image] }));
}

/** Place of an image's class among all, 0 for the best (method, section 6); classes [class][prompt][p]. */
export function plainRank(embedding: readonly number[], classes: readonly number[][][], label: number): number {
  const logits = classes.map((prompts) => {
    const centre = prompts[0].map((_, at) => mean(prompts.map((prompt) => prompt[at] / norm(prompt))));
    return dot(embedding, centre) / (norm(embedding) * norm(centre));
  });
  return logits.filter((value, at) => value > logits[label] || (value === logits[label] && at < label)).length;
}
