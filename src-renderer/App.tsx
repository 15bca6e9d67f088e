import { AppShell, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useProjectSummary, useSystemInfo } from './api/queries.ts';
import { ProjectPage } from './features/reconstruction/ProjectPage.tsx';
import { RunList } from './features/reconstruction/RunList.tsx';

/** The window: the project's runs on the left, the chosen run on the right. */
export function App() {
  const project = useProjectSummary();
  const system = useSystemInfo();
  const [chosenId, setChosenId] = useState<string>();
  const runs = project.data?.runs ?? [];
  const chosen =
    runs.find(({ id }) => id === chosenId) ?? runs.find(({ reconstruction }) => reconstruction) ?? runs.at(0);

  return (
    <AppShell header={{ height: 48 }} navbar={{ width: 280, breakpoint: 0 }} padding="md">
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap" gap="xl">
          <Text fw={700}>Strata</Text>
          <Text size="sm" c="dimmed" truncate="start" title={project.data?.dir}>
            {/* Cut at its start, a path would have its slash moved behind it. */}
            <bdi>{project.data?.dir}</bdi>
          </Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <RunList runs={runs} chosen={chosen} onChoose={setChosenId} />
        <Text size="xs" c="dimmed" px="xs">
          {system.data && `Strata ${system.data.strata} on ${system.data.platform}-${system.data.arch}`}
        </Text>
      </AppShell.Navbar>
      <AppShell.Main>
        <ProjectPage project={project} run={chosen} />
      </AppShell.Main>
    </AppShell>
  );
}
