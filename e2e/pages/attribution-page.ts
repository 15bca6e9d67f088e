import type { Locator, Page } from '@playwright/test';
import { goTo, rowsOf } from './parts.ts';

/** What each layer adds to which, and whether it matters. */
export class AttributionPage {
  readonly heading: Locator;
  readonly edge: Locator;
  readonly features: Locator;
  readonly audit: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: 'Attribution' });
    this.edge = page.getByRole('region', { name: 'Features of the edge' });
    this.features = this.edge.getByRole('table', { name: 'Features by share' });
    this.audit = page.getByRole('table', { name: 'Audit by layer' });
  }

  /** `/RUN?view=audit` and so on. */
  go(address = ''): Promise<void> {
    return goTo(this.page, `/attribution${address}`);
  }

  heatmap(title: string): Locator {
    return this.page.getByRole('table', { name: title });
  }

  cell(title: string, source: number, target: number): Locator {
    return this.heatmap(title).locator(`[data-cell="${source}/${target}"]`);
  }

  /** What is printed in the cells, [source][target], '' where there is none. */
  async printed(title: string): Promise<string[][]> {
    const rows = this.heatmap(title).locator('tbody tr');
    await rows.first().waitFor();
    const upward = await rows.evaluateAll((all) =>
      all.map((row) => Array.from(row.querySelectorAll('td'), (cell) => cell.textContent ?? '')),
    );
    return upward.reverse();
  }

  necessity(tokens: string): Locator {
    return this.page.getByRole('table', { name: `Necessity and sufficiency, ${tokens}` });
  }

  rows(table: Locator): Promise<string[][]> {
    return rowsOf(table);
  }
}
