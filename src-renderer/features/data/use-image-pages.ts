import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { DatasetDetails, ImageFilter, ImageRow } from '../../../src-main/contract/rpc/data.ts';
import { forGood } from '../../api/catalogue.ts';
import { api } from '../../api/client.ts';

export type GalleryFilter = Omit<ImageFilter, 'dataset'>;

const pageSize = 200;

/** The images at places first..last of those that pass the filter, fetched page by page. */
export function useImagePages(dataset: DatasetDetails, filter: GalleryFilter, first: number, last: number) {
  const page = (number: number) => ({
    queryKey: ['images', dataset.name, dataset.sha256, filter, number],
    queryFn: () => api.data.images({ dataset: dataset.name, ...filter, offset: number * pageSize, limit: pageSize }),
    ...forGood,
  });
  // The first page tells how many there are; while another filter's comes, the old number stays.
  const head = useQuery({ ...page(0), placeholderData: keepPreviousData });
  // Half a page more on either side, so that scrolling finds its images known.
  const from = Math.floor(Math.max(0, first - pageSize / 2) / pageSize);
  const to = Math.floor(Math.max(0, Math.min(last + pageSize / 2, (head.data?.total ?? 1) - 1)) / pageSize);
  const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const pages = useQueries({ queries: numbers.map(page) });
  return {
    total: head.data?.total,
    error: head.error ?? pages.find(({ error }) => error)?.error,
    /** Undefined while its page is on the way. */
    at(place: number): ImageRow | undefined {
      return pages[Math.floor(place / pageSize) - from]?.data?.images[place % pageSize];
    },
  };
}
