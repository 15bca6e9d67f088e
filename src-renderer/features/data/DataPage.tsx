import { Route, Switch } from 'wouter';
import { DatasetList } from './DatasetList.tsx';
import { DatasetView } from './DatasetView.tsx';
import { ImportPage } from './ImportPage.tsx';

/** #/data: the sets. #/data/NAME: one of them; its gallery has the filters in the query. No name begins with a _. */
export default function DataPage() {
  return (
    <Switch>
      <Route path="/" component={DatasetList} />
      <Route path="/_import" component={ImportPage} />
      <Route path="/:name/*?">
        {({ name, '*': rest }) => {
          const [part, index] = (rest ?? '').split('/');
          return (
            <DatasetView
              key={name}
              name={decodeURIComponent(name)}
              part={part === 'classes' || part === 'skipped' ? part : 'gallery'}
              index={part === 'image' && /^\d+$/.test(index) ? Number(index) : undefined}
            />
          );
        }}
      </Route>
    </Switch>
  );
}
