import { Route, Switch } from 'wouter';
import { useProject } from '../../api/queries.ts';
import { Loading } from '../../ui/Notice.tsx';
import { Overview } from './Overview.tsx';
import { SetupPage, type Step, steps } from './SetupPage.tsx';
import { Start } from './Start.tsx';

/** #/home: what the open project holds. #/home/open: another one. #/home/setup/STEP: from an empty project to a run. */
export default function HomePage() {
  const project = useProject();
  if (project.isPending) return <Loading what="Opening the project" />;
  const open = project.data;
  return (
    <Switch>
      <Route path="/setup/:step?">
        {({ step }) => (open ? <SetupPage step={stepOf(step)} /> : <Start problem={project.error} />)}
      </Route>
      <Route path="/open">
        <Start problem={project.error} />
      </Route>
      <Route>{open ? <Overview project={open} /> : <Start problem={project.error} />}</Route>
    </Switch>
  );
}

function stepOf(text: string | undefined): Step {
  return steps.find((step) => step === text) ?? 'model';
}
