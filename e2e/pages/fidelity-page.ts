import type { Locator, Page } from '@playwright/test';
import { goTo, rowsOf } from './parts.ts';

/** How faithful the transcoders of one or several runs are. */
export class FidelityPage {
  readonly heading: Locator;
  readonly numbers: Locator;
  readonly cascade: Locator;
  readonly templates: Locator;
  readonly point: Locator;
  readonly flips: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: 'Fidelity' });
    this.numbers = page.getByRole('table', { name: 'Reconstruction by layer' });
    this.cascade = page.getByRole('table', { name: 'Cascaded replacement' });
    this.templates = page.getByRole('table', { name: 'Accuracy by template' });
    this.point = page.getByRole('region', { name: 'Chosen window' });
    this.flips = this.point.getByRole('listitem');
  }

  /** `?runs=ID,ID&view=cascade` and so on. */
  go(query = ''): Promise<void> {
    return goTo(this.page, `/fidelity${query}`);
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name });
  }

  /** What the points of a chart say, in their order. */
  async pointsOf(chart: string): Promise<string[]> {
    const points = this.chart(chart).getByRole('button');
    await points.first().waitFor();
    return points.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
  }

  chart(name: string): Locator {
    return this.page.getByRole('figure', { name, exact: true });
  }

  tokens(label: string): Locator {
    return this.page.getByRole('radiogroup', { name: 'Tokens' }).getByText(label, { exact: true });
  }

  rows(table: Locator): Promise<string[][]> {
    return rowsOf(table);
  }
}
