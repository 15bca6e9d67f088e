import { Alert, Button, CloseButton, Group, Loader, Paper, ScrollArea, Stack, Table, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Results } from '../../../src-main/contract/results.ts';
import { useEdgeFeatures } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { saveText } from '../figures/save-file.ts';
import { edgeCsv } from './edge-csv.ts';
import type { EdgeTokens } from './scores.ts';
import './edge.css';

interface EdgePanelProps {
  run: Results;
  name: string;
  edge: { source: number; target: number; tokens: EdgeTokens };
  /** The score in the results document. */
  score: number | null;
  onClose(): void;
}

const first = 20;

/** The features of the source layer that carry an edge, by their share of it. */
export function EdgePanel({ run: { run, zeroShot }, name, edge, score, onClose }: EdgePanelProps) {
  const { source, target, tokens } = edge;
  const answer = useEdgeFeatures({ runId: run.id, source, target, tokens });
  const [all, setAll] = useState(false);
  const { data } = answer;
  const listed = data?.features.slice(0, all ? undefined : first) ?? [];
  const widest = Math.max(...(data?.features ?? []).map(({ share }) => Math.abs(share)), 1e-12);
  const rest = data ? data.score - listed.reduce((sum, { share }) => sum + share, 0) : 0;
  return (
    <Paper component="section" withBorder p="sm" aria-label="Features of the edge">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3} size="h5">
            {name}: layer {source} → layer {target}, {tokens === 'cls' ? 'CLS token' : 'patch tokens'}
            {score !== null && `, score ${score.toFixed(4)}`}
          </Title>
          <CloseButton aria-label="Close the features of the edge" onClick={onClose} />
        </Group>
        {answer.isPending && <Waiting />}
        {answer.isError && (
          <Alert color="red" title="The features could not be worked out">
            <Stack gap="xs" align="start">
              {errorText(answer.error)}
              <Button size="compact-sm" variant="default" onClick={() => answer.refetch()}>
                Try again
              </Button>
            </Stack>
          </Alert>
        )}
        {data && (
          <>
            <Text size="sm" c="dimmed">
              Each feature's share z<sub>f</sub>·⟨W<sub>dec</sub>, ŷ⟩ / |ŷ|², mean over {data.tokens} tokens of{' '}
              {data.images} test images; all features sum to {data.score.toFixed(4)} there (the score above stands on{' '}
              {zeroShot.n} images). {data.active} features of layer {source} fire.
            </Text>
            <ScrollArea type="auto">
              <Table aria-label="Features by share" striped highlightOnHover verticalSpacing={3} fz="sm" maw={900}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col" className="number" w={90}>
                      Feature
                    </Table.Th>
                    <Table.Th scope="col" className="number" w={90}>
                      Share
                    </Table.Th>
                    <Table.Th scope="col" className="number" w={110} title="Of the score on these images">
                      Of the edge
                    </Table.Th>
                    <Table.Th scope="col" w={200}>
                      <span className="visually-hidden">Share as a bar</span>
                    </Table.Th>
                    <Table.Th scope="col" className="number" w={110} title="Tokens on which it fires">
                      Fires on
                    </Table.Th>
                    <Table.Th scope="col">Label</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {listed.map(({ feature, share, rate, label }) => (
                    <Table.Tr key={feature}>
                      <Table.Th scope="row" className="number" fw={500}>
                        {source}/{feature}
                      </Table.Th>
                      <Table.Td className="number">{signed(share)}</Table.Td>
                      <Table.Td className="number">{percentOf(share, data.score)}</Table.Td>
                      <Table.Td>
                        <div className="share-bar" aria-hidden>
                          <div
                            data-sign={share < 0 ? 'negative' : 'positive'}
                            style={{
                              width: `${(50 * Math.abs(share)) / widest}%`,
                              left: share < 0 ? `${50 - (50 * Math.abs(share)) / widest}%` : '50%',
                            }}
                          />
                        </div>
                      </Table.Td>
                      <Table.Td className="number">{(100 * rate).toFixed(1)} %</Table.Td>
                      <Table.Td>{label ?? <span className="dimmed">–</span>}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
                <Table.Tfoot className="summary">
                  <Table.Tr>
                    <Table.Th scope="row" className="number">
                      rest
                    </Table.Th>
                    <Table.Td className="number">{signed(rest)}</Table.Td>
                    <Table.Td className="number">{percentOf(rest, data.score)}</Table.Td>
                    <Table.Td colSpan={3}>{Math.max(0, data.active - listed.length)} further features</Table.Td>
                  </Table.Tr>
                </Table.Tfoot>
              </Table>
            </ScrollArea>
            <Group gap="xs">
              {data.features.length > first && (
                <Button variant="default" size="compact-sm" onClick={() => setAll(!all)}>
                  {all ? `Show the first ${first}` : `Show ${data.features.length}`}
                </Button>
              )}
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconDownload size={14} aria-hidden />}
                onClick={() => saveText(`edge-${source}-${target}-${tokens}.csv`, 'text/csv', edgeCsv(run, edge, data))}
              >
                Download CSV
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Waiting() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Group gap="xs" role="status">
      <Loader size="sm" aria-hidden />
      <Text size="sm" c="dimmed">
        Running test images (128 at most) through the model and the transcoder. Other edges to this target come at once
        afterwards.
      </Text>
      <Text size="sm" c="dimmed" className="number" aria-hidden>
        {seconds} s
      </Text>
    </Group>
  );
}

function signed(share: number): string {
  return share.toFixed(4).replace('-', '−');
}

function percentOf(share: number, score: number): string {
  return score === 0 ? '–' : `${((100 * share) / score).toFixed(1).replace('-', '−')} %`;
}
