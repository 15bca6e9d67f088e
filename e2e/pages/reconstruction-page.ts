import type { Locator, Page } from '@playwright/test';

/** The page that shows how well a run rebuilds the MLP outputs. */
export class ReconstructionPage {
  readonly heading: Locator;
  readonly runs: Locator;
  readonly charts: Locator;
  readonly table: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1 });
    this.runs = page.getByRole('navigation', { name: 'Runs' }).getByRole('button');
    this.charts = page.locator('svg.recharts-surface');
    this.table = page.getByRole('table', { name: 'Reconstruction by layer' });
  }

  async choose(run: string): Promise<void> {
    await this.page.getByRole('button', { name: run }).click();
  }

  tokenGroup(label: string): Locator {
    return this.page.getByRole('radio', { name: label });
  }

  /** The radio buttons lie under their labels, as a person sees them. */
  async chooseTokens(label: string): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Tokens' }).getByText(label, { exact: true }).click();
  }

  /** The table's rows as text, header and mean included. */
  async cells(): Promise<string[][]> {
    const rows = await this.table.getByRole('row').all();
    return Promise.all(rows.map((row) => row.getByRole('cell').or(row.getByRole('rowheader')).allInnerTexts()));
  }
}
