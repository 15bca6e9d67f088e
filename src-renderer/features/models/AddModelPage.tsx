import { Anchor, Breadcrumbs, Stack, Title } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { AddModel } from './AddModel.tsx';

export function AddModelPage() {
  const [, navigate] = useLocation();
  return (
    <Stack gap="md" maw={860}>
      <Breadcrumbs>
        <Anchor component={Link} href="/" size="sm">
          Models
        </Anchor>
        <Title order={1} size="h4">
          Add a model
        </Title>
      </Breadcrumbs>
      <AddModel onAdded={(name) => navigate(`/${name}`)} />
    </Stack>
  );
}
