import { Code, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ProjectSummary, RunSummary } from '../../../src-main/contract/rpc.ts';
import { errorText } from '../../api/client.ts';
import { Loading, Notice } from '../../ui/Notice.tsx';
import { RunPage } from './RunPage.tsx';

interface ProjectPageProps {
  project: UseQueryResult<ProjectSummary | null>;
  run: RunSummary | undefined;
}

/** The chosen run, or what stands in the way of showing one. */
export function ProjectPage({ project, run }: ProjectPageProps) {
  if (project.isPending) return <Loading what="Opening the project" />;
  if (project.isError) {
    return (
      <Notice title="The project could not be read" urgent>
        <Text>{errorText(project.error)}</Text>
      </Notice>
    );
  }
  if (!project.data) {
    return (
      <Notice title="No project is open">
        <Text>
          A project folder holds models, data sets, runs and their results. This makes one, trained and measured:
        </Text>
        <Code block>npm run demo</Code>
        <Text>Then open it:</Text>
        <Code block>npm start -- --project strata-demo</Code>
      </Notice>
    );
  }
  if (!run) {
    return (
      <Notice title="This project has no runs yet">
        <Text>
          A recipe names a model, a data set and how to train. This carries one out, and the run shows up here:
        </Text>
        <Code block>{`npm run strata -- run recipes/demo.yaml --project ${project.data.dir}`}</Code>
      </Notice>
    );
  }
  return <RunPage run={run} />;
}
