import { expect, test } from 'vitest';
import { logLines } from './log-lines.ts';

test('lines of the job are told from what native code wrote', () => {
  const log = [
    'ut off"}',
    '{"level":30,"time":"2026-01-01T10:00:00.000Z","jobId":"a.1","msg":"job started"}',
    'onnxruntime: something',
    '',
    '{"level":50,"time":"2026-01-01T10:00:01.000Z","err":{"message":"no disk","stack":"Error: no disk\\n at x"},"msg":"job failed"}',
    '{broken',
  ].join('\n');
  expect(logLines(log).map(({ level, text, more }) => [level, text, more])).toEqual([
    ['info', 'ut off"}', ''],
    ['info', 'job started', ''],
    ['info', 'onnxruntime: something', ''],
    ['error', 'job failed: no disk', 'Error: no disk\n at x'],
    ['info', '{broken', ''],
  ]);
});
