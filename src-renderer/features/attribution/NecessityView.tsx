import { Stack, Table, Text } from '@mantine/core';
import type { Results } from '../../../src-main/contract/results.ts';
import { Section } from '../../ui/Section.tsx';
import { percent, points } from '../fidelity/format.ts';
import { Missing } from '../fidelity/Missing.tsx';
import { groupLabels } from '../fidelity/metrics.ts';
import { AddToFigures } from '../figures/AddToFigures.tsx';
import './edge.css';

type Row = NonNullable<Results['necessity']>[number];

interface Trial {
  key: string;
  condition: string;
  sources: readonly number[];
  top1: number;
  isControl: boolean;
}

const controlNames: Record<string, string> = {
  'drop-random': 'drop a random source',
  'keep-worst-4': 'keep the worst 4',
};

function trialsOf({ dropTop1, keepTop4, controls }: Row): Trial[] {
  return [
    {
      key: 'drop',
      condition: 'drop the best source (necessity)',
      sources: [dropTop1.source],
      top1: dropTop1.top1,
      isControl: false,
    },
    {
      key: 'keep',
      condition: 'keep the best 4 (sufficiency)',
      sources: keepTop4.sources,
      top1: keepTop4.top1,
      isControl: false,
    },
    ...controls.map(({ name, seed, sources, top1 }) => ({
      key: `${name}/${seed}`,
      condition: `control: ${controlNames[name] ?? name}${seed === undefined ? '' : `, seed ${seed}`}`,
      sources,
      top1,
      isControl: true,
    })),
  ];
}

/** Does the accuracy hang on the sources that the scores name (method, section 5)? With controls. */
export function NecessityView({ results, name }: { results: Results; name: string }) {
  const { necessity } = results;
  if (!necessity || necessity.length === 0) {
    return <Missing section="necessity and sufficiency" stage="necessity" runs={[name]} />;
  }
  return (
    <Section
      title="Necessity and sufficiency"
      actions={<AddToFigures figure="necessity" name="necessity and sufficiency" runs={[results.run.id]} />}
    >
      <Text size="sm" c="dimmed">
        Top-1 with the last block's MLP output rebuilt from some of its sources only, and the difference to the frozen
        model on the same images. Were the scores right, dropping the best source would cost more than dropping a random
        one, and keeping the best four would cost less than keeping the worst four.
      </Text>
      <Stack gap="lg">
        {necessity.map((row) => (
          <Trials key={row.tokens} row={row} />
        ))}
      </Stack>
    </Section>
  );
}

function Trials({ row }: { row: Row }) {
  const trials = trialsOf(row);
  const widest = Math.max(...trials.map(({ top1 }) => Math.abs(top1 - row.frozenTop1)), 0.001);
  return (
    <div>
      <Text size="sm" fw={600}>
        {groupLabels[row.tokens]} replaced · frozen {percent(row.frozenTop1)} on {row.n} images · sources by score:{' '}
        {row.ranking.join(', ')}
      </Text>
      <Table
        aria-label={`Necessity and sufficiency, ${groupLabels[row.tokens]}`}
        striped
        highlightOnHover
        withTableBorder
        verticalSpacing={3}
        fz="sm"
        maw={960}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Last block rebuilt</Table.Th>
            <Table.Th scope="col">Layers</Table.Th>
            <Table.Th scope="col" className="number">
              Top-1
            </Table.Th>
            <Table.Th scope="col" className="number">
              − frozen (pp)
            </Table.Th>
            <Table.Th scope="col" w={180}>
              <span className="visually-hidden">Difference as a bar</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {trials.map(({ key, condition, sources, top1, isControl }) => {
            const difference = top1 - row.frozenTop1;
            const width = (50 * Math.abs(difference)) / widest;
            return (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={isControl ? 400 : 600}>
                  {condition}
                </Table.Th>
                <Table.Td>{sources.join(', ')}</Table.Td>
                <Table.Td className="number">{percent(top1)}</Table.Td>
                <Table.Td className="number">{points(difference)}</Table.Td>
                <Table.Td>
                  <div className="share-bar" aria-hidden>
                    <div
                      data-sign={difference < 0 ? 'negative' : 'positive'}
                      style={{ width: `${width}%`, left: difference < 0 ? `${50 - width}%` : '50%' }}
                    />
                  </div>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}
