import { Button, Group, Loader, Stack, Table, Text, Title } from '@mantine/core';
import type { Preflight, Probe } from '../../../src-main/contract/preflight.ts';
import { bytes, count, counted, duration, short } from '../../ui/quantities.ts';

/** What a run takes of the machine, beside what there is. */
export function Needs({ needs }: { needs: Preflight }) {
  const rows: readonly [string, string, string][] = [
    ['Training images', count(needs.images), `and ${counted(needs.testImages, 'test image')}`],
    ['Training tokens', count(needs.tokens), `${needs.tokensPerImage} an image`],
    ['Transcoder', `${short(needs.parameters)} parameters`, `${count(needs.features)} features a layer`],
    [
      'Disk',
      needs.diskBytes === 0 ? 'none' : bytes(needs.diskBytes),
      needs.captured ? 'there already' : `${bytes(needs.diskFreeBytes)} free`,
    ],
    ['Memory', `about ${bytes(needs.memoryBytes)}`, `${bytes(needs.memoryFreeBytes)} free`],
  ];
  return (
    <Stack gap="xs" component="section" aria-label="What it needs">
      <Title order={2} size="h5">
        What it needs
      </Title>
      <Table aria-label="What it needs" withTableBorder verticalSpacing={3}>
        <Table.Tbody>
          {rows.map(([label, value, about]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row">{label}</Table.Th>
              <Table.Td className="number">{value}</Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {about}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

interface TimesProps {
  times: Probe | undefined;
  /** The recipe has changed since. */
  stale: boolean;
  pending: boolean;
  problem: string | undefined;
  onMeasure(): void;
}

/** How long it takes, from a try of a few seconds. */
export function Times({ times, stale, pending, problem, onMeasure }: TimesProps) {
  return (
    <Stack gap="xs" component="section" aria-label="How long it takes">
      <Title order={2} size="h5">
        How long it takes
      </Title>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" disabled={pending} onClick={onMeasure}>
          {times ? 'Measure again' : 'Measure this machine (about 5 s)'}
        </Button>
        {pending && (
          <Group gap={6} role="status">
            <Loader size={14} aria-hidden />
            <Text size="sm">Capturing and training for a moment…</Text>
          </Group>
        )}
        {stale && !pending && (
          <Text size="sm" c="dimmed" role="status">
            The settings have changed since.
          </Text>
        )}
      </Group>
      {problem && (
        <Text size="sm" c="red" role="alert">
          {problem}
        </Text>
      )}
      {times && (
        <Table aria-label="How long it takes" withTableBorder verticalSpacing={3} opacity={stale ? 0.6 : 1}>
          <Table.Tbody>
            {times.stages.map(({ title, seconds, basis }) => (
              <Table.Tr key={title}>
                <Table.Th scope="row">{title}</Table.Th>
                <Table.Td className="number">
                  {basis === 'scaled' && seconds > 0 ? 'about ' : ''}
                  {duration(seconds)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot className="summary">
            <Table.Tr>
              <Table.Th scope="row">All</Table.Th>
              <Table.Th className="number">about {duration(times.seconds)}</Table.Th>
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      )}
      {times && (
        <Text size="xs" c="dimmed">
          Measured in {times.speeds.seconds.toFixed(1)} s: {times.speeds.imagesPerSecond.toFixed(0)} images/s captured,{' '}
          {(1000 * times.speeds.secondsPerStep).toFixed(0)} ms a step, {bytes(times.speeds.peakBytes)} of memory.
          “About”: scaled from the same speeds by the number of passes.
        </Text>
      )}
    </Stack>
  );
}
