import { AppShell } from '@mantine/core';
import { Suspense } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useFollowProject, useProject } from './api/queries.ts';
import { Header } from './frame/Header.tsx';
import { useHashLocation } from './frame/hash-location.ts';
import { NoProject } from './frame/NoProject.tsx';
import { Palette } from './frame/Palette.tsx';
import { Rail } from './frame/Rail.tsx';
import { type Page, pages } from './pages.ts';
import { Loading } from './ui/Notice.tsx';

/** The window: the rail of pages on the left, one page beside it; addresses are #/page/... */
export function App() {
  useFollowProject();
  return (
    <Router hook={useHashLocation}>
      <AppShell header={{ height: 44 }} navbar={{ width: 168, breakpoint: 0 }} padding="md">
        <Header />
        <Rail />
        <AppShell.Main>
          <Switch>
            {pages.map((page) => (
              <Route key={page.id} path={`/${page.id}`} nest>
                <PageView page={page} />
              </Route>
            ))}
            <Route>
              <Redirect to={`/${pages[0].id}`} replace />
            </Route>
          </Switch>
        </AppShell.Main>
      </AppShell>
      <Palette />
    </Router>
  );
}

function PageView({ page: { View, needsProject, title } }: { page: Page }) {
  const project = useProject();
  if (needsProject && !project.data) return <NoProject project={project} />;
  return (
    <Suspense fallback={<Loading what={`Opening ${title}`} />}>
      <View />
    </Suspense>
  );
}
