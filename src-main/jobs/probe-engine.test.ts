import { expect, it } from 'vitest';
import { probeEngine } from './probe-engine.ts';

it('proves the CPU and gives a reason for every provider that does not work', async () => {
  const probes = await probeEngine();
  expect(probes).toContainEqual(expect.objectContaining({ name: 'cpu', ok: true }));
  for (const { detail } of probes) expect(detail).not.toBe('');
});
