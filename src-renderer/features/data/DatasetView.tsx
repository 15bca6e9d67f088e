import { Anchor, Breadcrumbs, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { useDataset } from '../../api/catalogue.ts';
import { errorText } from '../../api/client.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { count, counted } from '../../ui/quantities.ts';
import { ClassTable } from './ClassTable.tsx';
import { GalleryPart } from './GalleryPart.tsx';
import { SkippedTable } from './SkippedTable.tsx';

type Part = 'gallery' | 'classes' | 'skipped';

interface DatasetViewProps {
  name: string;
  part: Part;
  /** The image in the big view. */
  index: number | undefined;
}

export function DatasetView({ name, part, index }: DatasetViewProps) {
  const dataset = useDataset(name);
  const [, navigate] = useLocation();
  if (dataset.isPending) return <Loading what={`Opening ${name}`} />;
  if (dataset.isError) {
    return (
      <Notice title={`Data set ${name} could not be read`} urgent>
        <Text>{errorText(dataset.error)}</Text>
        <Anchor component={Link} href="/">
          All data sets
        </Anchor>
      </Notice>
    );
  }
  const { images, splits, classes, skipped, format, path, embedded, sha256 } = dataset.data;
  return (
    <Stack gap="xs" h="calc(100vh - var(--app-shell-header-height, 44px) - 2 * var(--mantine-spacing-md))">
      <Group justify="space-between" wrap="nowrap" gap="xl">
        <Breadcrumbs>
          <Anchor component={Link} href="/" size="sm">
            Data sets
          </Anchor>
          <Title order={1} size="h4">
            {name}
          </Title>
        </Breadcrumbs>
        <Text size="sm" c="dimmed" truncate title={`${path}\nsha256 ${sha256}`}>
          {counted(images, 'image')} ({splits.map((split) => `${split.name} ${count(split.images)}`).join(', ')}) in{' '}
          {counted(classes.length, 'class', 'classes')} · {format} · {embedded ? 'comes with Strata' : path}
        </Text>
      </Group>
      <Tabs
        value={part}
        onChange={(next) => navigate(next === 'gallery' ? `/${name}` : `/${name}/${next}`)}
        keepMounted={false}
        style={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}
      >
        <Tabs.List>
          <Tabs.Tab value="gallery">Gallery</Tabs.Tab>
          <Tabs.Tab value="classes">Classes</Tabs.Tab>
          <Tabs.Tab value="skipped">Skipped files ({count(skipped)})</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="gallery" pt="xs" style={{ flex: 1, minHeight: 0 }}>
          <GalleryPart dataset={dataset.data} index={index} />
        </Tabs.Panel>
        <Tabs.Panel value="classes" pt="xs" style={{ overflow: 'auto' }}>
          <ClassTable dataset={dataset.data} />
        </Tabs.Panel>
        <Tabs.Panel value="skipped" pt="xs" style={{ overflow: 'auto' }}>
          <SkippedTable dataset={dataset.data} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
