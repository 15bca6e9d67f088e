import { Center, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface NoticeProps {
  title: string;
  children?: ReactNode;
  /** Announced at once: something failed. */
  urgent?: boolean;
}

/** A page with nothing to show yet says why, and what to do next. */
export function Notice({ title, children, urgent }: NoticeProps) {
  return (
    <Center mih={480} role={urgent ? 'alert' : 'status'}>
      <Stack maw={620} gap="sm">
        <Title order={1} size="h3" c={urgent ? 'red' : undefined}>
          {title}
        </Title>
        {children}
      </Stack>
    </Center>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <Center mih={480} role="status">
      <Stack align="center" gap="xs">
        <Loader aria-hidden />
        <Text c="dimmed">{what}</Text>
      </Stack>
    </Center>
  );
}
