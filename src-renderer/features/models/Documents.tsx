import { Accordion, ScrollArea, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';

/** Model card and licence as they lie in the folder. */
export function Documents({ model }: { model: string }) {
  const documents = useQuery({
    queryKey: [projectKey, 'documents', model],
    queryFn: () => api.models.documents({ model }),
  });
  if (documents.isError) return <Text role="alert">{errorText(documents.error)}</Text>;
  if (documents.data?.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        The folder has neither a model card (README.md) nor a licence file: look at where the model came from.
      </Text>
    );
  }
  const licence = documents.data?.map(({ text }) => licenceIn(text)).find((found) => found !== undefined);
  return (
    <>
      {licence && <Text size="sm">Licence, by its card: {licence}</Text>}
      <Accordion multiple variant="contained" chevronPosition="left">
        {documents.data?.map(({ file, text }) => (
          <Accordion.Item key={file} value={file}>
            <Accordion.Control>{file}</Accordion.Control>
            <Accordion.Panel>
              <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0, 'aria-label': `Text of ${file}` }}>
                <Text component="pre" size="xs" m={0} ff="monospace" style={{ whiteSpace: 'pre-wrap' }}>
                  {text}
                </Text>
              </ScrollArea.Autosize>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </>
  );
}

/** What a model card's front matter says, as HuggingFace writes it. */
function licenceIn(card: string): string | undefined {
  const [, front] = /^---\r?\n([\s\S]*?)\n---/.exec(card) ?? [];
  return front && /^licen[cs]e:\s*(.+)$/m.exec(front)?.[1].trim();
}
