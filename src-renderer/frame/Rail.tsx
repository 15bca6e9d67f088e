import { AppShell, NavLink, ScrollArea, Text } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { useSystemInfo } from '../api/queries.ts';
import { pages } from '../pages.ts';

/** The pages, one under the other. */
export function Rail() {
  const [location] = useLocation();
  const system = useSystemInfo();
  return (
    <AppShell.Navbar p="xs">
      <ScrollArea flex={1} component="nav" aria-label="Pages">
        {pages.map(({ id, title, summary, icon: Icon }) => {
          const active = location === `/${id}` || location.startsWith(`/${id}/`);
          return (
            <NavLink
              key={id}
              component={Link}
              href={`/${id}`}
              label={title}
              title={summary}
              leftSection={<Icon size={18} aria-hidden />}
              active={active}
              aria-current={active ? 'page' : undefined}
            />
          );
        })}
      </ScrollArea>
      <Text size="xs" c="dimmed" px="xs">
        {system.data && `Strata ${system.data.strata}`}
      </Text>
    </AppShell.Navbar>
  );
}
