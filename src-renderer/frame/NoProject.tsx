import { Anchor, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ProjectSummary } from '../../src-main/contract/rpc/project.ts';
import { errorText } from '../api/client.ts';
import { Loading, Notice } from '../ui/Notice.tsx';

/** In place of a page that shows something of a project, while there is none. */
export function NoProject({ project }: { project: UseQueryResult<ProjectSummary | null> }) {
  if (project.isPending) return <Loading what="Opening the project" />;
  if (project.isError) {
    return (
      <Notice title="The project could not be read" urgent>
        <Text>{errorText(project.error)}</Text>
        <ToHome />
      </Notice>
    );
  }
  return (
    <Notice title="No project is open">
      <Text>A project folder holds models, data sets, runs and their results.</Text>
      <ToHome />
    </Notice>
  );
}

function ToHome() {
  return (
    <Anchor component={Link} href="~/home">
      Open a project or make one
    </Anchor>
  );
}
