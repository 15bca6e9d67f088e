import { Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { DatasetDetails } from '../../../src-main/contract/rpc/data.ts';
import { count } from '../../ui/quantities.ts';
import { withQuery } from '../../ui/query-address.ts';
import { BigView } from './BigView.tsx';
import { Gallery } from './Gallery.tsx';
import type { GalleryFilter } from './use-image-pages.ts';

interface GalleryPartProps {
  dataset: DatasetDetails;
  index: number | undefined;
}

/** Filters, which are part of the address, over the gallery; the big view lies above both. */
export function GalleryPart({ dataset, index }: GalleryPartProps) {
  const { name, splits, classes } = dataset;
  const [, navigate] = useLocation();
  const filter = filterOf(new URLSearchParams(useSearch()), dataset);
  const [total, setTotal] = useState<number>();
  const [text, setText] = useState(filter.text ?? '');
  const query = { split: filter.split, class: filter.classIndex, text: filter.text };
  const change = (next: Partial<typeof query>) =>
    navigate(withQuery(`/${name}`, { ...query, ...next }), { replace: true });
  const changeText = useDebouncedCallback((next: string) => change({ text: next }), 200);
  const imagesOf = (classIndex: number) => classes[classIndex].counts.reduce((sum, images) => sum + images, 0);
  return (
    <Stack gap="xs" h="100%">
      <Group gap="xs" role="search" aria-label="Filter images">
        <Select
          aria-label="Split"
          size="xs"
          w={150}
          placeholder="All splits"
          clearable
          clearButtonProps={{ 'aria-label': 'All splits' }}
          data={splits.map((split) => split.name)}
          value={filter.split ?? null}
          onChange={(split) => change({ split: split ?? undefined })}
        />
        <Select
          aria-label="Class"
          size="xs"
          w={240}
          placeholder="All classes"
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'All classes' }}
          limit={100}
          data={classes.map((entry, at) => ({ value: String(at), label: `${entry.name} (${count(imagesOf(at))})` }))}
          value={filter.classIndex === undefined ? null : String(filter.classIndex)}
          onChange={(value) => change({ class: value === null ? undefined : Number(value) })}
        />
        <TextInput
          aria-label="Part of the path"
          size="xs"
          w={240}
          placeholder="Part of the path"
          type="search"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            changeText(event.currentTarget.value);
          }}
        />
        <Text size="sm" c="dimmed" role="status">
          {total === undefined
            ? ''
            : total === dataset.images
              ? `${count(total)} images`
              : `${count(total)} of ${count(dataset.images)} images`}
        </Text>
      </Group>
      <Gallery
        key={JSON.stringify(filter)}
        dataset={dataset}
        filter={filter}
        index={index}
        onTotal={setTotal}
        onOpen={(opened) => navigate(withQuery(`/${name}/image/${opened}`, query))}
      />
      {index !== undefined && (
        <BigView
          dataset={dataset}
          filter={filter}
          index={index}
          total={total}
          onShow={(next) => navigate(withQuery(`/${name}/image/${next}`, query), { replace: true })}
          onClose={() => navigate(withQuery(`/${name}`, query), { replace: true })}
        />
      )}
    </Stack>
  );
}

/** What in the query does not fit the data set is not looked at. */
function filterOf(query: URLSearchParams, { splits, classes }: DatasetDetails): GalleryFilter {
  const split = query.get('split');
  const classIndex = Number.parseInt(query.get('class') ?? '', 10);
  const text = query.get('text');
  return {
    ...(splits.some(({ name }) => name === split) && split !== null ? { split } : {}),
    ...(classIndex >= 0 && classIndex < classes.length ? { classIndex } : {}),
    ...(text ? { text: text.slice(0, 200) } : {}),
  };
}
