import { Alert, Button, Grid, Group, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { DatasetSummary } from '../../../src-main/contract/rpc/data.ts';
import type { ModelSummary } from '../../../src-main/contract/rpc/models.ts';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';
import { Needs, Times } from './Needs.tsx';
import { type Plan, type Preset, presets, recipeOf } from './plan.ts';

const fields: readonly {
  key: 'expansion' | 'k' | 'steps' | 'batchTokens' | 'patchesPerImage';
  label: string;
  about: string;
}[] = [
  { key: 'expansion', label: 'Expansion', about: 'features over width' },
  { key: 'k', label: 'k', about: 'features a token' },
  { key: 'steps', label: 'Steps', about: 'of the optimiser' },
  { key: 'batchTokens', label: 'Batch', about: 'tokens in one step' },
  { key: 'patchesPerImage', label: 'Patches', about: 'drawn from an image' },
];

interface RunStepProps {
  models: readonly ModelSummary[];
  datasets: readonly DatasetSummary[];
}

/** The last step: a first run, with what it needs and how long it takes. */
export function RunStep({ models, datasets }: RunStepProps) {
  const [, navigate] = useLocation();
  const [preset, setPreset] = useState<Preset | 'own'>('quick');
  const [choice, setChoice] = useState<Omit<Plan, 'model' | 'dataset'>>(presets.quick);
  const [model, setModel] = useState<string>();
  const [dataset, setDataset] = useState<string>();
  const plan: Plan = { ...choice, model: model ?? models[0]?.name ?? '', dataset: dataset ?? datasets[0]?.name ?? '' };
  const complete = plan.model !== '' && plan.dataset !== '';
  const [settled] = useDebouncedValue(JSON.stringify(recipeOf(plan)), 200);
  const recipe: ReturnType<typeof recipeOf> = JSON.parse(settled);
  const preflight = useQuery({
    queryKey: [projectKey, 'preflight', settled],
    queryFn: () => api.project.preflight({ recipe }),
    enabled: recipe.model !== '' && recipe.dataset !== '',
    placeholderData: keepPreviousData,
  });
  const probe = useMutation({
    mutationFn: async () => ({ recipe: settled, times: await api.project.probe({ recipe }) }),
  });
  const start = useMutation({
    // JSON is YAML.
    mutationFn: async () => {
      const { runIds } = await api.runs.create({ yaml: settled });
      for (const runId of runIds) await api.jobs.start({ runId });
      return runIds[0];
    },
    onSuccess: (runId) => navigate(`~/runs/${runId}`),
  });
  const change = (next: Partial<typeof choice>) => {
    setPreset('own');
    setChoice({ ...choice, ...next });
  };
  const images = datasets
    .find(({ name }) => name === plan.dataset)
    ?.splits.find(({ name }) => name === 'train')?.images;
  if (!complete) return <Text size="sm">A run needs a model and a data set: go back and add them.</Text>;
  return (
    <Stack gap="md">
      <Group align="end">
        <Select
          label="Model"
          data={models.map(({ name }) => name)}
          value={plan.model}
          allowDeselect={false}
          onChange={(next) => setModel(next ?? undefined)}
        />
        <Select
          label="Data set"
          data={datasets.map(({ name }) => name)}
          value={plan.dataset}
          allowDeselect={false}
          onChange={(next) => setDataset(next ?? undefined)}
        />
        <SegmentedControl
          aria-label="Size of the run"
          data={[
            { value: 'quick', label: 'Quick look' },
            { value: 'usual', label: 'Proper run' },
            { value: 'own', label: 'As set below', disabled: preset !== 'own' },
          ]}
          value={preset}
          onChange={(next) => {
            if (next === 'own') return;
            setPreset(next as Preset);
            setChoice(presets[next as Preset]);
          }}
        />
      </Group>
      <Group align="start">
        {fields.map(({ key, label, about }) => (
          <NumberInput
            key={key}
            label={label}
            description={about}
            w={150}
            min={key === 'patchesPerImage' ? 0 : 1}
            thousandSeparator=","
            allowDecimal={key === 'expansion'}
            value={choice[key]}
            onChange={(next) => typeof next === 'number' && change({ [key]: next })}
          />
        ))}
        <NumberInput
          label="Training images"
          description="empty: all of them"
          w={150}
          min={1}
          max={images}
          thousandSeparator=","
          allowDecimal={false}
          placeholder={images?.toLocaleString('en')}
          value={choice.maxImages ?? ''}
          onChange={(next) => change({ maxImages: typeof next === 'number' ? next : null })}
        />
      </Group>
      {preflight.isError && (
        <Alert color="red" role="alert">
          {errorText(preflight.error)}
        </Alert>
      )}
      {preflight.data?.problems.map((problem) => (
        <Alert key={problem} color="red" role="alert" p="xs">
          {problem}
        </Alert>
      ))}
      {preflight.data && (
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, sm: 6 }}>
            <Needs needs={preflight.data} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, sm: 6 }}>
            <Times
              times={probe.data?.times}
              stale={probe.data !== undefined && probe.data.recipe !== settled}
              pending={probe.isPending}
              problem={probe.isError ? errorText(probe.error) : undefined}
              onMeasure={() => probe.mutate()}
            />
          </Grid.Col>
        </Grid>
      )}
      <Group>
        <Button
          disabled={!preflight.data || preflight.data.problems.length > 0}
          loading={start.isPending}
          onClick={() => start.mutate()}
        >
          Start this run
        </Button>
        {start.isError && (
          <Text size="sm" c="red" role="alert">
            {errorText(start.error)}
          </Text>
        )}
      </Group>
    </Stack>
  );
}
