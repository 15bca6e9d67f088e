import { Fieldset, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RecipeProblem } from '../../../src-main/contract/recipe-check.ts';
import type { RecipeField } from '../../../src-main/contract/recipe-fields.ts';
import { api } from '../../api/client.ts';
import { RecipeFieldInput } from './RecipeFieldInput.tsx';
import classes from './RecipeForm.module.css';
import { type FieldInput, readRecipe, valueIn, withField } from './recipe-document.ts';

interface RecipeFormProps {
  yaml: string;
  onChange(yaml: string): void;
  problems: readonly RecipeProblem[];
  models: readonly string[];
  datasets: readonly string[];
}

const titles: Record<string, string> = {
  '': 'Run',
  capture: 'Capture: how activations are gathered',
  train: 'Train: how the transcoder is trained',
  evaluate: 'Evaluate: how it is measured',
  index: 'Index: how images are indexed for retrieval and features',
};

/** A field for everything that a recipe may say, with its meaning and default; made from the recipe's schema. */
export function RecipeForm({ yaml, onChange, problems, models, datasets }: RecipeFormProps) {
  const fields = useQuery({
    queryKey: ['recipe-fields'],
    queryFn: () => api.runs.fields(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const document = readRecipe(yaml);
  if (!fields.data) return null;
  const all = fields.data;
  const sections = Map.groupBy(all, ({ path }) => (path.length > 1 ? path[0] : ''));
  const choices: Record<string, readonly string[]> = { model: models, dataset: datasets };
  const isShown = ({ when }: RecipeField) => {
    if (!when || !document) return true;
    const held = valueIn(document, when.path);
    if (held.kind === 'unset') {
      const governing = all.find(({ path }) => path.join('.') === when.path.join('.'));
      return governing?.default === when.value;
    }
    return held.kind === 'one' && held.text === when.value;
  };
  return (
    <Stack gap="sm" flex={1} miw={0} role="form" aria-label="Recipe" className={classes.form}>
      {!document && (
        <Text size="sm" c="red" role="alert">
          The text is no YAML at the moment; the form goes on when it is.
        </Text>
      )}
      {[...sections].map(([section, sectionFields]) => (
        <Fieldset key={section} legend={titles[section] ?? section} disabled={!document} px="sm" pt={4} pb="sm">
          <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md" verticalSpacing="xs">
            {sectionFields.filter(isShown).map((field) => {
              const key = field.path.join('.');
              return (
                <RecipeFieldInput
                  key={`${key} ${field.when?.value}`}
                  field={field}
                  choices={field.path.length === 1 ? choices[key] : undefined}
                  value={document ? valueIn(document, field.path) : { kind: 'unset' }}
                  problem={problems.find((problem) => problem.key === key)?.message}
                  onChange={(value: FieldInput | undefined) => onChange(withField(yaml, field, value, all))}
                />
              );
            })}
          </SimpleGrid>
        </Fieldset>
      ))}
    </Stack>
  );
}
