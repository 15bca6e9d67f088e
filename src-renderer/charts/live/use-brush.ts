import { type PointerEvent, useState } from 'react';
import { type Axis, valueAt } from './axis.ts';
import type { PlotArea } from './plot.ts';
import type { LiveView } from './view.ts';

/** Shorter than this, in pixels, a drag is a click. */
const shortest = 6;

/** Pointer handlers of a plot: moving reads values off, dragging zooms, a double click shows all again. */
export function useBrush({ left, width }: PlotArea, x: Axis, onView: (change: Partial<LiveView>) => void) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const across = (event: PointerEvent<HTMLElement>) => {
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return Math.min(left + width, Math.max(left, inside));
  };
  const stepAt = (pixels: number) => valueAt(x, (pixels - left) / width);
  const ends: [number, number] | null = drag && [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
  const selection = ends && ends[1] - ends[0] >= shortest ? ends : null;
  return {
    /** What is being chosen, in pixels. */
    selection,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: across(event), to: across(event) });
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        const to = across(event);
        if (drag) setDrag({ ...drag, to });
        onView({ cursor: Math.round(stepAt(to)) });
      },
      onPointerUp() {
        if (selection) onView({ zoom: [stepAt(selection[0]), stepAt(selection[1])] });
        setDrag(null);
      },
      onPointerCancel: () => setDrag(null),
      onPointerLeave: () => onView({ cursor: null }),
      onDoubleClick: () => onView({ zoom: null }),
    },
  };
}
