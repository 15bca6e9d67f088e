import { Anchor, Breadcrumbs, Button, Group, Stack, Stepper, Text, Title } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { useDatasets, useModels } from '../../api/catalogue.ts';
import { DataStep } from './DataStep.tsx';
import { ModelStep } from './ModelStep.tsx';
import { RunStep } from './RunStep.tsx';

export const steps = ['model', 'data', 'run'] as const;
export type Step = (typeof steps)[number];

/** From an empty project to a run, in three steps. What was done is in the project: each step can be left and come back to. */
export function SetupPage({ step }: { step: Step }) {
  const [, navigate] = useLocation();
  const models = useModels().data ?? [];
  const datasets = useDatasets().data ?? [];
  const at = steps.indexOf(step);
  const goTo = (next: Step) => navigate(`/setup/${next}`);
  const named = (names: readonly { name: string }[], none: string) => names.map(({ name }) => name).join(', ') || none;
  return (
    <Stack gap="md" maw={980}>
      <Breadcrumbs>
        <Anchor component={Link} href="/" size="sm">
          Home
        </Anchor>
        <Title order={1} size="h4">
          Set up the project
        </Title>
      </Breadcrumbs>
      <Stepper active={at} onStepClick={(next) => goTo(steps[next])} size="sm" iconSize={30}>
        <Stepper.Step label="Model" description={named(models, 'none yet')} />
        <Stepper.Step label="Data" description={named(datasets, 'none yet')} />
        <Stepper.Step label="Run" description="what it needs" />
      </Stepper>
      {step === 'model' && <ModelStep onDone={() => goTo('data')} />}
      {step === 'data' && <DataStep />}
      {step === 'run' && <RunStep models={models} datasets={datasets} />}
      <Group>
        {at > 0 && (
          <Button variant="default" onClick={() => goTo(steps[at - 1])}>
            Back
          </Button>
        )}
        {step === 'model' && (
          <Next blocked={models.length === 0 && 'Add a model first.'} onClick={() => goTo('data')} />
        )}
        {step === 'data' && (
          <Next blocked={datasets.length === 0 && 'Import images first.'} onClick={() => goTo('run')} />
        )}
      </Group>
    </Stack>
  );
}

function Next({ blocked, onClick }: { blocked: string | false; onClick(): void }) {
  return (
    <>
      <Button disabled={blocked !== false} onClick={onClick}>
        Next
      </Button>
      {blocked && (
        <Text size="sm" c="dimmed">
          {blocked}
        </Text>
      )}
    </>
  );
}
