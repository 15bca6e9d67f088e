import { Alert, Button, Chip, Group, Paper, SegmentedControl, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type BasketItem, type FigureFormat, figureFormats } from '../../../src-main/contract/rpc/figures.ts';
import { renderFigure, useBasketActions, useFigurePreview } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { Loading } from '../../ui/Notice.tsx';
import { saveFile } from './save-file.ts';

/** One figure of the basket: its print preview, caption, width and formats, and its export. */
export function FigureSheet({ item, names }: { item: BasketItem; names: ReadonlyMap<string, string> }) {
  const preview = useFigurePreview(item);
  const { change } = useBasketActions();
  const download = useMutation({
    mutationFn: async (format: FigureFormat) => saveFile(await renderFigure(item, format)),
  });
  return (
    <Paper component="section" withBorder p="sm" aria-label="Chosen figure">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <div>
            <Title order={2} size="h4">
              {preview.data?.title ?? item.figure}
            </Title>
            <Text size="xs" c="dimmed">
              {item.runs.map((id) => names.get(id) ?? id).join(', ')}
            </Text>
          </div>
          <SegmentedControl
            size="xs"
            aria-label="Width"
            data={[
              { value: 'single', label: 'single column, 3.25 in' },
              { value: 'double', label: 'double, 6.75 in' },
            ]}
            value={item.width}
            onChange={(width) => change.mutate({ id: item.id, width: width as BasketItem['width'] })}
          />
        </Group>
        {preview.isPending && <Loading what="Drawing the figure" />}
        {preview.isError && (
          <Alert color="red" title="This figure cannot be drawn">
            {errorText(preview.error)}
          </Alert>
        )}
        {preview.data && (
          <>
            <Text size="xs" c="dimmed">
              The print form, on white whatever the window's colours; charts on the pages are drawn for the screen.
            </Text>
            <Picture base64={preview.data.base64} title={preview.data.title} />
            <Caption key={item.caption} item={item} own={preview.data.caption} />
            <Group gap="xl" align="end">
              <Stack gap={4}>
                <Text size="xs" c="dimmed" id="formats">
                  Formats for “Write all to the project folder”
                </Text>
                <Chip.Group
                  multiple
                  value={item.formats}
                  onChange={(formats) =>
                    change.mutate({ id: item.id, formats: figureFormats.filter((format) => formats.includes(format)) })
                  }
                >
                  <Group gap={6} role="group" aria-labelledby="formats">
                    {figureFormats.map((format) => (
                      <Chip key={format} value={format} size="xs">
                        {format.toUpperCase()}
                      </Chip>
                    ))}
                  </Group>
                </Chip.Group>
              </Stack>
              <Stack gap={4}>
                <Text size="xs" c="dimmed">
                  Download, with its provenance inside
                </Text>
                <Group gap={6}>
                  {figureFormats.map((format) => (
                    <Button
                      key={format}
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconDownload size={14} aria-hidden />}
                      aria-label={`Download ${format.toUpperCase()}`}
                      loading={download.isPending && download.variables === format}
                      onClick={() => download.mutate(format)}
                    >
                      {format.toUpperCase()}
                    </Button>
                  ))}
                </Group>
              </Stack>
            </Group>
            {download.isError && (
              <Alert color="red" title="The file was not made">
                {errorText(download.error)}
              </Alert>
            )}
          </>
        )}
        {change.isError && (
          <Alert color="red" title="The change was not kept">
            {errorText(change.error)}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}

/** An SVG document as a picture: nothing in it can run. */
function Picture({ base64, title }: { base64: string; title: string }) {
  return (
    <div style={{ background: '#fff', padding: 12, borderRadius: 4, overflowX: 'auto' }}>
      <img
        src={`data:image/svg+xml;base64,${base64}`}
        alt={`Print preview: ${title}`}
        style={{ display: 'block', margin: '0 auto', maxWidth: '100%' }}
      />
    </div>
  );
}

/** The caption, kept when the field is left; what is in the files' metadata. */
function Caption({ item, own }: { item: BasketItem; own: string }) {
  const { change } = useBasketActions();
  const kept = item.caption ?? own;
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const keep = (caption: string) => {
    const next = caption.trim() === '' || caption === own ? null : caption;
    if (next !== item.caption) change.mutate({ id: item.id, caption: next });
    if (next === null) setText(own);
  };
  return (
    <Textarea
      label="Caption"
      description={
        item.caption === null
          ? 'The figure’s own. It stands in the files’ metadata, not in the picture.'
          : 'Your own. Empty it to have the figure’s own again.'
      }
      autosize
      minRows={2}
      maxRows={8}
      maxLength={4000}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={() => keep(text)}
    />
  );
}
