import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchCapture } from './capture.ts';
import { benchCascade } from './cascade.ts';
import { benchRetrieval } from './retrieval.ts';
import { benchTrainingStep } from './training-step.ts';
import { benchWatching } from './watching.ts';

/**
 * `npm run bench`: every figure beside its yardstick, measured in turn in one run. With `--peer PYTHON`, a Python that
 * has PyTorch, the same training step in PyTorch follows.
 */
const peerAt = process.argv.indexOf('--peer');
const python = peerAt < 0 ? undefined : process.argv[peerAt + 1];

console.log(`${cpus().length} x ${cpus()[0].model.trim()}, Node ${process.versions.node}`);
const benches = [
  () => benchTrainingStep('S'),
  () => benchTrainingStep('M'),
  benchCapture,
  benchCascade,
  () => benchRetrieval('S'),
  () => benchRetrieval('M'),
  benchWatching,
];
for (const lines of benches) {
  console.log((await lines()).join('\n'));
}

if (python === undefined) {
  console.log(
    'PyTorch was not asked for: add `-- --peer PYTHON` with a Python that has torch (bench/peers/README.md).',
  );
} else {
  const script = fileURLToPath(new URL('peers/step_time.py', import.meta.url));
  for (const size of ['S', 'M']) {
    const { status } = spawnSync(python, [script, '--size', size], { stdio: 'inherit' });
    if (status !== 0) {
      console.log(`${python} ${script} failed: is torch installed there?`);
      process.exitCode = 1;
    }
  }
}
