import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import { diverging } from './diverging.ts';
import './charts.css';

interface Cell {
  source: number;
  target: number;
}

interface HeatmapProps {
  title: string;
  /** [source][target], null where there is nothing. */
  matrix: readonly (readonly (number | null)[])[];
  /** The colours go from -limit to limit. */
  limit: number;
  /** The value as it stands in its cell. */
  format(value: number): string;
  chosen?: Cell;
  onChoose(cell: Cell): void;
}

const room = 58;
const cellSize = { smallest: 32, widest: 64, highest: 38 };

/**
 * Scores from source to target layers in the published form: targets to the right, sources upward. One stop of the Tab
 * key; arrows go from cell to cell, Enter chooses.
 */
export function Heatmap({ title, matrix, limit, format, chosen, onChoose }: HeatmapProps) {
  const theme = useComputedColorScheme('light');
  const { ref: box, width } = useElementSize<HTMLElement>();
  const [current, setCurrent] = useState<Cell>({ source: 0, target: 0 });
  const [shown, setShown] = useState<Cell>();
  const layers = matrix.length;
  const cellWidth = Math.floor(Math.max(cellSize.smallest, Math.min(cellSize.widest, (width - room) / layers - 1)));
  const style = { width: cellWidth, height: Math.min(cellWidth, cellSize.highest) };
  const readOut = shown ?? chosen;
  const value = readOut && matrix[readOut.source]?.[readOut.target];

  const move = (event: KeyboardEvent<HTMLElement>, { source, target }: Cell) => {
    const steps: Record<string, Cell> = {
      ArrowLeft: { source, target: target - 1 },
      ArrowRight: { source, target: target + 1 },
      ArrowUp: { source: source + 1, target },
      ArrowDown: { source: source - 1, target },
      Home: { source, target: source },
      End: { source, target: layers - 1 },
    };
    const next = steps[event.key];
    if (!next) return;
    event.preventDefault();
    const table = event.currentTarget.closest('table');
    table?.querySelector<HTMLElement>(`[data-cell="${next.source}/${next.target}"]`)?.focus();
  };

  return (
    <figure className="chart heatmap" ref={box}>
      <table onPointerLeave={() => setShown(undefined)}>
        <caption>{title}</caption>
        <tbody>
          {matrix.map((_, at) => {
            const source = layers - 1 - at;
            return (
              <tr key={source}>
                {at === 0 && (
                  <th rowSpan={layers} className="upright" aria-hidden>
                    source layer
                  </th>
                )}
                <th scope="row">{source}</th>
                {matrix[source].map((score, target) => {
                  const cell = { source, target };
                  const isChosen = chosen?.source === source && chosen.target === target;
                  // A layer's place is its name.
                  const key = `${source}/${target}`;
                  if (score === null) return <td key={key} />;
                  const { fill, ink } = diverging(score, limit, theme);
                  return (
                    <td key={key}>
                      <button
                        type="button"
                        data-cell={key}
                        aria-label={`layer ${source} to layer ${target}: ${format(score)}`}
                        aria-pressed={isChosen}
                        tabIndex={current.source === source && current.target === target ? 0 : -1}
                        style={{ ...style, background: fill, color: ink }}
                        onPointerEnter={() => setShown(cell)}
                        onFocus={() => {
                          setCurrent(cell);
                          setShown(cell);
                        }}
                        onBlur={() => setShown(undefined)}
                        onKeyDown={(event) => move(event, cell)}
                        onClick={() => onChoose(cell)}
                      >
                        {format(score)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2} />
            {matrix.map((_, target) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a layer's place is its name
              <th key={target} scope="col">
                {target}
              </th>
            ))}
          </tr>
          <tr aria-hidden>
            <td colSpan={2} />
            <th colSpan={layers}>target layer</th>
          </tr>
        </tfoot>
      </table>
      <div className="readout" aria-hidden>
        {readOut && value != null ? `layer ${readOut.source} → layer ${readOut.target}: ${value.toFixed(4)}` : null}
      </div>
    </figure>
  );
}
