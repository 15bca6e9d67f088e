export interface LogLine {
  /** By this place's clock; empty for what native code wrote. */
  time: string;
  level: 'info' | 'warning' | 'error';
  text: string;
  /** The stack, where there is one. */
  more: string;
}

/** A run's log: JSON lines of the job, and between them whatever native code wrote. A first line may have been cut. */
export function logLines(log: string): LogLine[] {
  return log
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseLine);
}

function parseLine(line: string): LogLine {
  const plain = { time: '', level: 'info' as const, text: line, more: '' };
  if (!line.startsWith('{')) return plain;
  try {
    const { level, time, msg, err } = JSON.parse(line);
    return {
      time: new Date(time).toLocaleTimeString(),
      level: level >= 50 ? 'error' : level >= 40 ? 'warning' : 'info',
      text: [msg, err?.message].filter((part) => typeof part === 'string').join(': '),
      more: typeof err?.stack === 'string' ? err.stack : '',
    };
  } catch {
    return plain;
  }
}
