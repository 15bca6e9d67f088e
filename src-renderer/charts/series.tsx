import './charts.css';

/** How a series is told apart: by colour, and without colour by its marker and dash. */
export interface SeriesStyle {
  colour: string;
  dash?: string;
  marker: Marker;
}

const markers = ['circle', 'square', 'triangle', 'diamond', 'cross', 'down'] as const;
type Marker = (typeof markers)[number] | 'none';
const dashes = [undefined, '6 3', '2 2.5', '8 2 2 2', '10 3', '4 2'];

/** Styles of runs by their place; more than six are not shown at once. */
export function runStyle(place: number): SeriesStyle {
  const at = place % markers.length;
  return { colour: `var(--series-${at})`, dash: dashes[at], marker: markers[at] };
}

export const groupStyles: Readonly<Record<'cls' | 'patches' | 'all', SeriesStyle>> = {
  cls: { colour: 'var(--series-cls)', marker: 'circle' },
  patches: { colour: 'var(--series-patches)', dash: '6 3', marker: 'square' },
  all: { colour: 'var(--series-all)', dash: '2 2.5', marker: 'triangle' },
};

export const frozenStyle: SeriesStyle = { colour: 'var(--series-frozen)', dash: '1 3', marker: 'none' };

const outlines: Record<Exclude<Marker, 'none' | 'circle'>, string> = {
  square: 'M-3,-3H3V3H-3Z',
  triangle: 'M0,-4L4,3.2H-4Z',
  diamond: 'M0,-4.4L4.4,0L0,4.4L-4.4,0Z',
  cross: 'M-1.2,-4H1.2V-1.2H4V1.2H1.2V4H-1.2V1.2H-4V-1.2H-1.2Z',
  down: 'M0,4L4,-3.2H-4Z',
};

/** A series' mark around the origin. */
export function Mark({ marker, colour }: SeriesStyle) {
  if (marker === 'none') return null;
  return marker === 'circle' ? <circle r={3.2} fill={colour} /> : <path d={outlines[marker]} fill={colour} />;
}

/** A short line with its mark, as it stands in legends and read-outs. */
export function Swatch({ style }: { style: SeriesStyle }) {
  return (
    <svg width={26} height={10} viewBox="-13 -5 26 10" aria-hidden>
      <line x1={-13} x2={13} stroke={style.colour} strokeWidth={2} strokeDasharray={style.dash} />
      <Mark {...style} />
    </svg>
  );
}

export function Legend({ entries }: { entries: readonly { label: string; style: SeriesStyle }[] }) {
  return (
    <ul className="legend">
      {entries.map(({ label, style }) => (
        <li key={label}>
          <Swatch style={style} />
          {label}
        </li>
      ))}
    </ul>
  );
}
