import { Alert, Anchor, Button, Grid, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { api, errorText } from '../../api/client.ts';
import { useProject } from '../../api/queries.ts';
import { PathField } from '../../ui/PathField.tsx';

/** Three ways to a project: open one, make one, or look at the sample. */
export function Start({ problem }: { problem: unknown }) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const project = useProject();
  const places = useQuery({ queryKey: ['places'], queryFn: () => api.project.places() });
  const recent = useQuery({ queryKey: ['system', 'recent'], queryFn: () => api.system.recentProjects() });
  // Everything that was read belongs to the project before.
  const opened = async (next: string) => {
    await queries.invalidateQueries();
    navigate(next);
  };
  const open = useMutation({
    mutationFn: (dir: string) => api.project.open({ dir }),
    onSuccess: () => opened('/'),
  });
  const create = useMutation({
    mutationFn: (dir: string) => api.project.create({ dir }),
    onSuccess: () => opened('/setup/model'),
  });
  const sample = useMutation({
    mutationFn: (dir: string) => api.project.create({ dir, sample: true }),
    onSuccess: () => opened('/'),
  });
  return (
    <Stack gap="md" maw={1080}>
      <Title order={1} size="h3">
        {project.data ? 'Another project' : 'Open a project or make one'}
      </Title>
      {problem !== null && (
        <Alert color="red" role="alert" title="The project could not be opened">
          {errorText(problem)}
        </Alert>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Way
            title="Explore the sample"
            about="A new project with a small CLIP model and 10,665 emoji drawings that come with Strata. It takes about ten seconds."
            action="Explore the sample"
            proposal={places.data?.sample}
            field="New folder for the sample"
            mutation={sample}
            primary
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Way
            title="New project"
            about="In three steps: a CLIP model, images, and a first run. A project is one folder that can be copied."
            action="Make it"
            proposal={places.data?.project}
            field="New or empty folder"
            mutation={create}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Way
            title="Open a project"
            about="A folder that has a project.sqlite in it, made here or by the command line."
            action="Open"
            proposal=""
            field="Project folder"
            mutation={open}
          />
        </Grid.Col>
        {(recent.data?.length ?? 0) > 0 && (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Paper withBorder p="md" component="section" aria-label="Recent projects">
              <Title order={2} size="h5" mb="xs">
                Recent projects
              </Title>
              <Table verticalSpacing={3} aria-label="Recent projects">
                <Table.Tbody>
                  {recent.data?.map(({ dir, name, openedAt }) => (
                    <Table.Tr key={dir}>
                      <Table.Td>
                        <Anchor component="button" type="button" size="sm" onClick={() => open.mutate(dir)}>
                          {name}
                        </Anchor>
                      </Table.Td>
                      <Table.Td maw={240}>
                        <Text size="sm" c="dimmed" truncate title={dir}>
                          {dir}
                        </Text>
                      </Table.Td>
                      <Table.Td className="number">
                        <Text size="sm" c="dimmed">
                          {new Date(openedAt).toLocaleDateString('en-GB', { dateStyle: 'medium' })}
                        </Text>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Paper>
          </Grid.Col>
        )}
      </Grid>
    </Stack>
  );
}

interface WayProps {
  title: string;
  about: ReactNode;
  action: string;
  /** A path to begin with; undefined while it is on the way. */
  proposal: string | undefined;
  field: string;
  mutation: { mutate(dir: string): void; isPending: boolean; isError: boolean; error: unknown };
  primary?: boolean;
}

function Way({ title, about, action, proposal, field, mutation, primary }: WayProps) {
  const [typed, setTyped] = useState<string>();
  const path = typed ?? proposal ?? '';
  const go = (dir: string) => mutation.mutate(dir.trim());
  return (
    <Paper withBorder p="md" h="100%" component="section" aria-label={title}>
      <Stack gap="xs" h="100%">
        <Title order={2} size="h5">
          {title}
        </Title>
        <Text size="sm" c="dimmed" flex={1}>
          {about}
        </Text>
        <Group align="end" gap="xs" wrap="nowrap">
          <PathField label={field} value={path} onChange={setTyped} onSubmit={go} />
          <Button
            variant={primary ? 'filled' : 'default'}
            disabled={path.trim() === ''}
            loading={mutation.isPending}
            onClick={() => go(path)}
          >
            {action}
          </Button>
        </Group>
        {mutation.isError && (
          <Text size="sm" c="red" role="alert">
            {errorText(mutation.error)}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
