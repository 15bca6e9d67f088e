import { CartesianGrid, Line, LineChart, Text, Tooltip, XAxis, YAxis } from 'recharts';
import { lowerBound } from './scale.ts';

interface LayerChartProps<Key extends string> {
  title: string;
  rows: readonly ({ layer: number } & Record<Key, number>)[];
  series: readonly { key: Key; label: string }[];
}

const dashes: Record<string, string | undefined> = { cls: '7 3', patches: '2 3' };
const ink = 'var(--mantine-color-text)';
const paleInk = 'var(--mantine-color-dimmed)';
const tick = { fill: paleInk, fontSize: 12 };

/** One metric over the layers, a line per token group; at most 1. Title and legend are part of the SVG. */
export function LayerChart<Key extends string>({ title, rows, series }: LayerChartProps<Key>) {
  const values = rows.flatMap((row) => series.map(({ key }) => row[key]));
  return (
    <LineChart
      responsive
      style={{ width: '100%', height: 250 }}
      data={[...rows]}
      margin={{ top: 34, right: 16, bottom: 18, left: 0 }}
      title={title}
    >
      <Text x={12} y={20} fill={ink} fontSize={14} fontWeight={600}>
        {title}
      </Text>
      <Legend series={series} />
      <CartesianGrid stroke="var(--mantine-color-default-border)" vertical={false} />
      <XAxis
        dataKey="layer"
        tick={tick}
        stroke={paleInk}
        label={{ value: 'Layer', position: 'insideBottom', offset: -10, fill: paleInk, fontSize: 12 }}
      />
      <YAxis domain={[lowerBound(values), 1]} tick={tick} stroke={paleInk} width={48} />
      <Tooltip
        formatter={(value) => (typeof value === 'number' ? value.toFixed(3) : value)}
        labelFormatter={(layer) => `Layer ${layer}`}
        contentStyle={{ background: 'var(--mantine-color-body)', borderColor: 'var(--mantine-color-default-border)' }}
      />
      {series.map(({ key, label }) => (
        <Line
          key={key}
          dataKey={key}
          name={label}
          stroke={`var(--series-${key})`}
          strokeDasharray={dashes[key]}
          strokeWidth={2}
          dot={{ r: 3, strokeDasharray: 'none', fill: `var(--series-${key})` }}
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
}

function Legend({ series }: { series: readonly { key: string; label: string }[] }) {
  return (
    <g>
      {series.map(({ key, label }, at) => (
        <g key={key} transform={`translate(${220 + 84 * at}, 15)`}>
          <line x2={24} stroke={`var(--series-${key})`} strokeWidth={2} strokeDasharray={dashes[key]} />
          <text x={29} y={4} fill={ink} fontSize={12}>
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}
