import { type Results, resultSections } from '../contract/results.ts';
import type { CltShape } from '../core/clt-shape.ts';
import type { StageResult } from '../store/results.ts';
import { importedTraining } from './imported-weights.ts';

type Section = keyof typeof resultSections;

/** Under which stage a section is kept: the one that writes it, but for `retrieval`. */
const stageOf: Readonly<Record<Section, string>> = {
  reconstruction: 'evaluate',
  contribution: 'evaluate',
  zeroShot: 'evaluate',
  cascade: 'cascade',
  prompts: 'cascade',
  necessity: 'necessity',
  audit: 'audit',
  auditSpearman: 'audit',
  // An export does not hold the indices, so that the stage `index` must still find its work undone.
  retrieval: 'evaluate',
};

/**
 * The stages' results from which a results document follows, with the seconds it states: sections under their stages, so
 * that these find their work done, and for a stage without a section a mark that it took time.
 */
export function restoredResults({ run, timings, ...document }: Results, shape: CltShape): StageResult[] {
  const sections = (Object.keys(resultSections) as Section[]).flatMap((key) =>
    document[key] === undefined ? [] : [{ runId: run.id, stage: stageOf[key], key, section: document[key] }],
  );
  const stages = new Set([...Object.keys(timings), 'train', ...sections.map(({ stage }) => stage)]);
  return [...stages].flatMap((stage) => {
    const seconds = timings[stage] ?? 0;
    if (stage === 'train') return [importedTraining(run.id, shape, seconds)];
    const own = sections.filter((section) => section.stage === stage);
    if (own.length === 0) return [{ runId: run.id, stage, key: 'restored', section: {}, seconds }];
    return own.map((section, at) => ({ ...section, seconds: at === 0 ? seconds : 0 }));
  });
}
