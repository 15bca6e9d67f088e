import type { RunSummary } from '../../src-main/contract/rpc/project.ts';

/** What each run is called among these: its name, with its seed where others have the name, or else its id. */
export function runNames(runs: readonly Pick<RunSummary, 'id' | 'name' | 'seed'>[]): Map<string, string> {
  const unique = (names: readonly string[]) =>
    names.map((name) => names.filter((other) => other === name).length === 1);
  const plain = runs.map(({ name }) => name);
  const seeded = runs.map(({ name, seed }) => `${name} · seed ${seed}`);
  const [plainIsUnique, seededIsUnique] = [unique(plain), unique(seeded)];
  return new Map(runs.map(({ id }, at) => [id, plainIsUnique[at] ? plain[at] : seededIsUnique[at] ? seeded[at] : id]));
}
