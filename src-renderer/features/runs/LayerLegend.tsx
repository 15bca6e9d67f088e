import { Group, Text } from '@mantine/core';
import { layerColor } from '../../charts/live/color.ts';

/** From the first layer's colour to the last one's. */
export function LayerLegend({ layers }: { layers: number }) {
  const all = Array.from({ length: layers }, (_, layer) => layer);
  return (
    <Group gap={6} wrap="nowrap" ml="auto">
      <Text size="xs">Layer 0</Text>
      <svg width={12 * layers} height={10} aria-hidden="true">
        {all.map((layer) => (
          <rect key={layer} x={12 * layer} width={11} height={10} fill={layerColor(layer, layers)} />
        ))}
      </svg>
      <Text size="xs">{layers - 1}</Text>
    </Group>
  );
}
