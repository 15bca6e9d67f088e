interface Layout {
  total: number;
  columns: number;
  /** Rows that are visible at once. */
  pageRows: number;
}

/** Where a key leads from a place in the gallery, or undefined for a key that does not move. */
export function placeAfter(key: string, place: number, { total, columns, pageRows }: Layout): number | undefined {
  const last = total - 1;
  const clamp = (next: number) => Math.max(0, Math.min(last, next));
  const column = place % columns;
  /** Rows up and down keep to their column; beyond the ends the place stays as it is. */
  const rows = (by: number) => {
    const row = Math.max(0, Math.min(Math.floor(last / columns), Math.floor(place / columns) + by));
    return clamp(row * columns + column);
  };
  switch (key) {
    case 'ArrowRight':
      return clamp(place + 1);
    case 'ArrowLeft':
      return clamp(place - 1);
    case 'ArrowDown':
      return rows(1);
    case 'ArrowUp':
      return rows(-1);
    case 'PageDown':
      return rows(pageRows);
    case 'PageUp':
      return rows(-pageRows);
    case 'Home':
      return 0;
    case 'End':
      return clamp(last);
    default:
      return undefined;
  }
}
