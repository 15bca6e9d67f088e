import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RecordFile } from './record-file.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-records-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function readAll(file: RecordFile): Promise<number[][]> {
  const records: number[][] = [];
  for (let record = await file.next(); record; record = await file.next()) records.push(Array.from(record));
  return records;
}

test('records come back, and a file cut anywhere gives the complete ones and takes more', async () => {
  const records = fc.array(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 5 }), {
    maxLength: 6,
  });
  let files = 0;
  await fc.assert(
    fc.asyncProperty(records, fc.double({ min: 0, max: 1, noNaN: true }), async (written, share) => {
      const path = join(dir, 'sub', `${files++}.records`);
      let file = await RecordFile.open(path);
      expect(await file.next()).toBeUndefined();
      for (const record of written) await file.append(Float32Array.from(record));
      await file.close();
      const cut = Math.floor(statSync(path).size * share);
      truncateSync(path, cut);

      let bytes = 0;
      const complete = written.filter((record) => {
        bytes += 4 + 4 * record.length;
        return bytes <= cut;
      });
      file = await RecordFile.open(path);
      expect(await readAll(file)).toEqual(complete);
      await file.append(Float32Array.of(7));
      await file.close();
      file = await RecordFile.open(path);
      expect(await readAll(file)).toEqual([...complete, [7]]);
      await file.remove();
      expect(() => readFileSync(path)).toThrow('ENOENT');
    }),
    { numRuns: 30 },
  );
});
