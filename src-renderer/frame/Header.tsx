import { ActionIcon, AppShell, Group, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconDeviceDesktop, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { useProject } from '../api/queries.ts';
import { JobDrawer } from './JobDrawer.tsx';
import { Shortcuts } from './Shortcuts.tsx';

const schemes = [
  { value: 'auto', label: 'Colours follow the system', Icon: IconDeviceDesktop },
  { value: 'light', label: 'Light colours', Icon: IconSun },
  { value: 'dark', label: 'Dark colours', Icon: IconMoon },
] as const;

/** The open project, and what is at hand on every page. */
export function Header() {
  const project = useProject();
  return (
    <AppShell.Header px="md">
      <Group h="100%" justify="space-between" wrap="nowrap" gap="xl">
        <Group gap="md" wrap="nowrap" style={{ minWidth: 0 }}>
          <Text fw={700}>Strata</Text>
          {project.data && (
            <>
              <Text fw={600} size="sm">
                {project.data.name}
              </Text>
              <Text size="sm" c="dimmed" truncate="start" title={project.data.dir}>
                {/* Cut at its start, a path would have its slash moved behind it. */}
                <bdi>{project.data.dir}</bdi>
              </Text>
            </>
          )}
        </Group>
        <Group gap="xs" wrap="nowrap">
          <JobDrawer />
          <Tooltip label="Find a page, a run, an action (Ctrl+K)">
            <ActionIcon variant="subtle" color="gray" aria-label="Find" onClick={spotlight.open}>
              <IconSearch size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Shortcuts />
          <ColorScheme />
        </Group>
      </Group>
    </AppShell.Header>
  );
}

function ColorScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const at = schemes.findIndex(({ value }) => value === colorScheme);
  const { label, Icon } = schemes[at];
  const next = schemes[(at + 1) % schemes.length];
  return (
    <Tooltip label={`${label}; click: ${next.label.toLowerCase()}`}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => setColorScheme(next.value)}>
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
