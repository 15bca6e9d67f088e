import '@mantine/spotlight/styles.css';
import { Kbd } from '@mantine/core';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useLocation } from 'wouter';
import { useProject } from '../api/queries.ts';
import { pages } from '../pages.ts';
import { actions } from './actions.ts';

/** Ctrl/Cmd+K: pages, actions and runs by name. */
export function Palette() {
  const [, navigate] = useLocation();
  const project = useProject();
  const toPages: SpotlightActionData[] = pages.map(({ id, title, summary, icon: Icon }) => ({
    id,
    label: title,
    description: summary,
    leftSection: <Icon size={18} aria-hidden />,
    onClick: () => navigate(`/${id}`),
  }));
  const toRuns: SpotlightActionData[] = (project.data?.runs ?? []).map(({ id, name, sparsifier, seed, state }) => ({
    id: `run/${id}`,
    label: name,
    description: `run ${id}: ${sparsifier}, seed ${seed}, ${state}`,
    onClick: () => navigate(`/runs/${id}`),
  }));
  const toDo: SpotlightActionData[] = actions.map(({ id, does, keys, run }) => ({
    id: `action/${id}`,
    label: does,
    rightSection: <Kbd size="xs">{keys.join('+')}</Kbd>,
    onClick: () => run(navigate),
  }));
  return (
    <Spotlight
      actions={[
        { group: 'Pages', actions: toPages },
        { group: 'Actions', actions: toDo },
        { group: 'Runs', actions: toRuns },
      ]}
      shortcut="mod + K"
      nothingFound="Nothing is called that"
      highlightQuery
      limit={12}
      scrollable
      maxHeight={420}
      searchProps={{ placeholder: 'A page, an action or a run', 'aria-label': 'Find' }}
    />
  );
}
