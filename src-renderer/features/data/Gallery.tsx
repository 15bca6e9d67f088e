// biome-ignore-all lint/a11y/useSemanticElements: cells come and go with scrolling, which a table cannot do
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell
import './gallery.css';
import { Center, Text } from '@mantine/core';
import { useElementSize, useMergedRef, useThrottledValue } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { DatasetDetails, ImageRow } from '../../../src-main/contract/rpc/data.ts';
import { imageUrl } from '../../api/catalogue.ts';
import { errorText } from '../../api/client.ts';
import { placeAfter } from './gallery-keys.ts';
import { type GalleryFilter, useImagePages } from './use-image-pages.ts';

const cellSize = 108;
/** Milliseconds between two looks at what is visible: a page scrolled past in less is not fetched. */
const lookEvery = 80;
/** Milliseconds a row has to be near the view, while scrolling, before its pictures are asked for. */
const flyingPast = 50;

interface GalleryProps {
  dataset: DatasetDetails;
  filter: GalleryFilter;
  /** The image in the big view: its cell is made the active one. */
  index: number | undefined;
  onTotal(total: number): void;
  onOpen(index: number): void;
}

/** All images that pass the filter, a virtual row a row of cells. Arrows move, Enter opens. */
export function Gallery({ dataset, filter, index, onTotal, onOpen }: GalleryProps) {
  const { ref: sizeRef, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(sizeRef, scroller);
  const [active, setActive] = useState(0);
  const columns = Math.max(1, Math.floor(width / cellSize));
  const [known, setKnown] = useState(0);
  const rows = useVirtualizer({
    count: width === 0 ? 0 : Math.ceil(known / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => cellSize,
    overscan: 5,
  });
  const visible = rows.getVirtualItems();
  const first = useThrottledValue((visible.at(0)?.index ?? 0) * columns, lookEvery);
  const last = useThrottledValue(((visible.at(-1)?.index ?? 0) + 1) * columns - 1, lookEvery);
  const images = useImagePages(dataset, filter, first, Math.max(first, last));
  const { total } = images;
  useEffect(() => {
    if (total === undefined) return;
    setKnown(total);
    onTotal(total);
  }, [total, onTotal]);

  const move = (place: number) => {
    setActive(place);
    rows.scrollToIndex(Math.floor(place / columns));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      const image = images.at(active);
      if (image) onOpen(image.index);
      return;
    }
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / cellSize));
    const next = placeAfter(event.key, active, { total: known, columns, pageRows });
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  };
  // Leaving the big view, the arrows go on from the image it showed.
  const openPlace = index === undefined ? -1 : visiblePlace(images.at, first, last, index);
  useEffect(() => {
    if (openPlace >= 0) setActive(openPlace);
  }, [openPlace]);

  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && index === undefined) scroller.current?.focus({ preventScroll: true });
    wasOpen.current = index !== undefined;
  }, [index]);

  if (images.error) return <Text role="alert">{errorText(images.error)}</Text>;
  const activeId = visible.some((row) => row.index === Math.floor(active / columns)) ? `cell-${active}` : undefined;
  return (
    <div
      ref={ref}
      className="gallery"
      style={{ flex: 1 }}
      role="grid"
      aria-label={`Images of ${dataset.name}: arrows move, Enter opens`}
      aria-rowcount={Math.ceil(known / columns)}
      aria-colcount={columns}
      aria-activedescendant={activeId}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {known === 0 && total !== undefined && (
        <div role="row">
          <Center mih={200} role="gridcell">
            <Text c="dimmed">No image passes these filters: clear one of them.</Text>
          </Center>
        </div>
      )}
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {visible.map((row) => (
          <Row
            key={row.key}
            row={row.index}
            start={row.start}
            columns={columns}
            known={known}
            active={active}
            scrolling={rows.isScrolling}
            dataset={dataset}
            at={images.at}
            onOpen={(place, image) => {
              setActive(place);
              onOpen(image.index);
            }}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  row: number;
  start: number;
  columns: number;
  known: number;
  active: number;
  scrolling: boolean;
  dataset: DatasetDetails;
  at(place: number): ImageRow | undefined;
  onOpen(place: number, image: ImageRow): void;
}

function Row({ row, start, columns, known, active, scrolling, dataset, at, onOpen }: RowProps) {
  // Rows that fly past ask for no picture.
  const [stayed, setStayed] = useState(!scrolling);
  useEffect(() => {
    const timer = setTimeout(() => setStayed(true), flyingPast);
    return () => clearTimeout(timer);
  }, []);
  const first = row * columns;
  const places = Array.from({ length: Math.min(columns, known - first) }, (_, column) => first + column);
  return (
    <div role="row" aria-rowindex={row + 1} className="gallery-row" style={{ transform: `translateY(${start}px)` }}>
      {places.map((place) => (
        <Cell
          key={place}
          place={place}
          column={place - first}
          active={place === active}
          drawn={stayed}
          dataset={dataset}
          image={at(place)}
          onOpen={(image) => onOpen(place, image)}
        />
      ))}
    </div>
  );
}

interface CellProps {
  place: number;
  column: number;
  active: boolean;
  drawn: boolean;
  dataset: DatasetDetails;
  image: ImageRow | undefined;
  onOpen(image: ImageRow): void;
}

function Cell({ place, column, active, drawn, dataset, image, onOpen }: CellProps) {
  const label = image && `${dataset.classes[image.classIndex]?.name}, ${image.split}: ${image.path}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      id={`cell-${place}`}
      role="gridcell"
      tabIndex={-1}
      aria-colindex={column + 1}
      aria-selected={active}
      aria-label={label ?? 'loading'}
      title={label}
      className="gallery-cell"
      data-active={active || undefined}
      onClick={() => image && onOpen(image)}
    >
      {image && drawn ? (
        <img
          ref={giveUpWhenGone}
          className="gallery-picture"
          src={imageUrl(dataset, image.index, 96)}
          alt=""
          width={100}
          height={100}
          decoding="async"
          draggable={false}
        />
      ) : (
        <div className="gallery-picture" />
      )}
    </div>
  );
}

/** A picture that has left the page would go on loading, before those that came into view meanwhile. */
function giveUpWhenGone(picture: HTMLImageElement): () => void {
  return () => picture.removeAttribute('src');
}

function visiblePlace(at: (place: number) => ImageRow | undefined, first: number, last: number, index: number): number {
  for (let place = first; place <= last; place++) if (at(place)?.index === index) return place;
  return -1;
}
