/** What the charts of a page share: the part of the x axis on show, and where the pointer is. */
export interface LiveView {
  /** Null shows all. */
  zoom: readonly [number, number] | null;
  cursor: number | null;
  /** Weight of the past, [0, 1). */
  smoothing: number;
  logX: boolean;
}
