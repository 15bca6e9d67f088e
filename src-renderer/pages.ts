import {
  type Icon,
  IconChartInfographic,
  IconChartLine,
  IconHome,
  IconListDetails,
  IconPhoto,
  IconStack2,
  IconTopologyStarRing3,
} from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** A page of the workbench. Its view is fetched when it is first shown. */
export interface Page {
  /** The first part of its address: #/runs, #/runs/ID, ... */
  id: string;
  title: string;
  /** What it answers, for the palette and tooltips. */
  summary: string;
  icon: Icon;
  /** Shows something of a project, so there is nothing to see while none is open. */
  needsProject: boolean;
  View: LazyExoticComponent<ComponentType>;
}

/** The rail, from top to bottom. A new page is a folder in features/ and one entry here. */
export const pages: readonly Page[] = [
  {
    id: 'home',
    title: 'Home',
    summary: 'Open a project or make one',
    icon: IconHome,
    needsProject: false,
    View: lazy(() => import('./features/home/HomePage.tsx')),
  },
  {
    id: 'data',
    title: 'Data',
    summary: 'Images by split and class, import',
    icon: IconPhoto,
    needsProject: true,
    View: lazy(() => import('./features/data/DataPage.tsx')),
  },
  {
    id: 'models',
    title: 'Models',
    summary: 'Architecture, provenance, zero-shot accuracy',
    icon: IconStack2,
    needsProject: true,
    View: lazy(() => import('./features/models/ModelsPage.tsx')),
  },
  {
    id: 'runs',
    title: 'Runs',
    summary: 'Recipes, training and its progress',
    icon: IconListDetails,
    needsProject: true,
    View: lazy(() => import('./features/runs/RunsPage.tsx')),
  },
  {
    id: 'fidelity',
    title: 'Fidelity',
    summary: 'Reconstruction, cascaded replacement, prompts',
    icon: IconChartLine,
    needsProject: true,
    View: lazy(() => import('./features/fidelity/FidelityPage.tsx')),
  },
  {
    id: 'attribution',
    title: 'Attribution',
    summary: 'Contribution scores, necessity, audit',
    icon: IconTopologyStarRing3,
    needsProject: true,
    View: lazy(() => import('./features/attribution/AttributionPage.tsx')),
  },
  {
    id: 'figures',
    title: 'Figures',
    summary: 'Figures put aside, to arrange and export',
    icon: IconChartInfographic,
    needsProject: true,
    View: lazy(() => import('./features/figures/FiguresPage.tsx')),
  },
];
