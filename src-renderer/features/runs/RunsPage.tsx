import { Route, Switch } from 'wouter';
import { ComparePage } from './ComparePage.tsx';
import { RecipeEditor } from './RecipeEditor.tsx';
import { RunPage } from './RunPage.tsx';
import { RunsTablePage } from './RunsTablePage.tsx';

/** #/runs, #/runs/ID, #/runs/ID/log, #/runs/compare/ID,ID, #/runs/new, #/runs/new/run/ID, #/runs/new/recipe/NAME */
export default function RunsPage() {
  return (
    <Switch>
      <Route path="/" component={RunsTablePage} />
      <Route path="/new">
        <RecipeEditor key="" source={undefined} />
      </Route>
      <Route path="/new/:kind/:id">
        {({ kind, id }) => <RecipeEditor key={`${kind}/${id}`} source={{ isRun: kind === 'run', id }} />}
      </Route>
      <Route path="/compare/:ids">{({ ids }) => <ComparePage ids={ids.split(',')} />}</Route>
      <Route path="/:id/:tab?">{({ id, tab }) => <RunPage key={id} id={id} tab={tab ?? 'training'} />}</Route>
    </Switch>
  );
}
