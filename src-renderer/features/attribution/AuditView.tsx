import { Grid, SegmentedControl, Table, Text } from '@mantine/core';
import type { Results } from '../../../src-main/contract/results.ts';
import { ScatterPlot } from '../../charts/ScatterPlot.tsx';
import { groupStyles } from '../../charts/series.tsx';
import { useViewState } from '../../frame/view-state.ts';
import { Section } from '../../ui/Section.tsx';
import { percent } from '../fidelity/format.ts';
import { Missing } from '../fidelity/Missing.tsx';
import { AddToFigures } from '../figures/AddToFigures.tsx';
import { auditPoints, bare } from './scores.ts';

/** The test that would refute the scores: the frozen model's own MLPs, ablated one by one (method, section 5). */
export function AuditView({ results, name }: { results: Results; name: string }) {
  const view = useViewState();
  const { audit, auditSpearman, contribution } = results;
  if (!audit || audit.length === 0 || !contribution) {
    return <Missing section="audit" stage="audit" runs={[name]} />;
  }
  const ablation = view.get('ablation') === 'zero' ? 'zero' : 'mean';
  const rows = auditPoints(results, ablation);
  const last = contribution.cls.length - 1;
  return (
    <Section
      title="Audit of the scores"
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Ablation"
            data={[
              { value: 'mean', label: 'mean ablation' },
              { value: 'zero', label: 'zero ablation' },
            ]}
            value={ablation}
            onChange={(value) => view.set({ ablation: value === 'zero' ? value : undefined })}
          />
          <AddToFigures figure="audit" name="audit" runs={[results.run.id]} />
        </>
      }
    >
      <Text size="sm" c="dimmed">
        Accuracy that the frozen model loses when one layer's MLP is ablated on all tokens ({audit[0].n} images, frozen
        top-1 {percent(audit[0].frozenTop1)}), against that layer's contribution to layer {last} at the CLS token.
        Scores that measured importance would rise to the right.
      </Text>
      <Text fw={600} size="sm">
        Spearman's ρ (mean ablation):{' '}
        {auditSpearman === undefined ? 'not measured' : auditSpearman.toFixed(3).replace('-', '−')}
      </Text>
      <Grid gap="lg">
        <Grid.Col span={7}>
          <ScatterPlot
            title={`accuracy lost against contribution score, ${ablation} ablation`}
            xTitle={`contribution to layer ${last}, CLS`}
            yTitle="accuracy lost (pp)"
            points={rows.map(({ layer, score, lost }) => ({ label: `layer ${layer}`, x: score, y: lost }))}
            style={ablation === 'mean' ? groupStyles.cls : groupStyles.patches}
            formatX={bare}
            formatY={inPoints}
          />
        </Grid.Col>
        <Grid.Col span={5}>
          <Table aria-label="Audit by layer" striped highlightOnHover withTableBorder verticalSpacing={3} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Layer</Table.Th>
                <Table.Th scope="col" className="number">
                  Score
                </Table.Th>
                <Table.Th scope="col" className="number">
                  Mean ablation
                </Table.Th>
                <Table.Th scope="col" className="number">
                  Zero ablation
                </Table.Th>
                <Table.Th scope="col" className="number">
                  Lost (pp)
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {audit.map(({ layer, meanAblationTop1, zeroAblationTop1 }, at) => (
                <Table.Tr key={layer}>
                  <Table.Th scope="row">{layer}</Table.Th>
                  <Table.Td className="number">{bare(rows[at].score)}</Table.Td>
                  <Table.Td className="number">{percent(meanAblationTop1)}</Table.Td>
                  <Table.Td className="number">{percent(zeroAblationTop1)}</Table.Td>
                  <Table.Td className="number">{inPoints(rows[at].lost)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Grid.Col>
      </Grid>
    </Section>
  );
}

/** Percentage points lost; what was won is negative. */
function inPoints(lost: number): string {
  const text = (100 * lost).toFixed(1);
  return Number(text) === 0 ? '0.0' : text.replace('-', '−');
}
