import { Box, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';
import { logLines } from './log-lines.ts';

const colors = { info: undefined, warning: 'yellow', error: 'red' } as const;

/** The end of the log that a run's jobs share. */
export function RunLog({ runId }: { runId: string }) {
  const log = useQuery({ queryKey: [projectKey, 'log', runId], queryFn: () => api.jobs.log({ runId }) });
  if (log.isError) return <Text c="red">{errorText(log.error)}</Text>;
  if (log.data === undefined) return null;
  const lines = logLines(log.data);
  if (lines.length === 0) return <Text size="sm">Nothing yet: the log begins with the first job.</Text>;
  return (
    <Box role="region" aria-label="Log" tabIndex={0} ff="monospace" fz="xs" mah={520} style={{ overflow: 'auto' }}>
      {lines.map(({ time, level, text, more }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and only new ones are added
        <Box key={at} mb={2} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          <Text span c="dimmed" inherit>
            {time}{' '}
          </Text>
          <Text span inherit c={colors[level]}>
            {level === 'info' ? '' : `${level}: `}
            {text}
          </Text>
          {more && (
            <Text inherit c="dimmed" pl="md">
              {more}
            </Text>
          )}
        </Box>
      ))}
    </Box>
  );
}
