import { Anchor, Breadcrumbs, Stack, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useActivities } from '../../api/activities.ts';
import { ActivityList } from '../../ui/ActivityList.tsx';
import { ImportWizard } from './ImportWizard.tsx';

export function ImportPage() {
  const imports = useActivities().filter(({ kind }) => kind === 'import');
  return (
    <Stack gap="md" maw={860}>
      <Breadcrumbs>
        <Anchor component={Link} href="/" size="sm">
          Data sets
        </Anchor>
        <Title order={1} size="h4">
          Import images
        </Title>
      </Breadcrumbs>
      <ActivityList activities={imports} />
      <ImportWizard />
    </Stack>
  );
}
