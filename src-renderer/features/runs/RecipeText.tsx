import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, errorText } from '../../api/client.ts';

/** A run's whole recipe, defaults included. */
export function RecipeText({ runId }: { runId: string }) {
  const recipe = useQuery({
    queryKey: ['recipe', runId],
    queryFn: () => api.runs.recipe({ runId }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (recipe.isError) return <Text c="red">{errorText(recipe.error)}</Text>;
  if (!recipe.data) return null;
  const { yaml } = recipe.data;
  return (
    <Stack gap="xs">
      <Group>
        <CopyButton value={yaml}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Text size="sm" c="dimmed">
          With every key. Fork makes a run that differs from it.
        </Text>
      </Group>
      <Code block fz="sm" tabIndex={0} aria-label="Recipe" role="region">
        {yaml}
      </Code>
    </Stack>
  );
}
