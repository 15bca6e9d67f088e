import type { Locator, Page } from '@playwright/test';

/** #/models: architecture, provenance, what the frozen model can do and what it mixes up. */
export class ModelsPage {
  readonly heading: Locator;
  readonly architecture: Locator;
  readonly provenance: Locator;
  readonly accuracy: Locator;
  readonly pairs: Locator;
  readonly measure: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1 });
    this.architecture = page.getByRole('table', { name: 'Architecture' });
    this.provenance = page.getByRole('region', { name: 'Provenance' });
    this.accuracy = page.getByRole('table', { name: 'Zero-shot accuracy' });
    this.pairs = page.getByRole('table', { name: 'Ten worst class pairs' });
    this.measure = page.getByRole('button', { name: 'Measure now' });
  }

  /** Something of #/models/..., without loading the page anew. */
  async go(place = ''): Promise<void> {
    await this.page.evaluate((hash) => location.assign(hash), `#/models${place}`);
  }

  async rows(table: Locator): Promise<string[][]> {
    const rows = await table.locator('tbody tr').all();
    return Promise.all(rows.map((row) => row.getByRole('cell').or(row.getByRole('rowheader')).allInnerTexts()));
  }
}
