import type { Locator, Page } from '@playwright/test';

/** #/home: open, make and set up projects, and what the open one holds. */
export class HomePage {
  readonly heading: Locator;
  /** Of work under way. */
  readonly progress: Locator;
  readonly runs: Locator;
  readonly datasets: Locator;
  readonly models: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1 });
    this.progress = page.getByRole('main').getByRole('progressbar');
    this.runs = page.getByRole('table', { name: 'Runs' });
    this.datasets = page.getByRole('table', { name: 'Data sets' });
    this.models = page.getByRole('table', { name: 'Models' });
  }

  /** Something of #/home/..., without loading the page anew. */
  async go(place = ''): Promise<void> {
    await this.page.evaluate((hash) => location.assign(hash), `#/home${place}`);
  }

  async exploreSample(dir: string): Promise<void> {
    await this.page.getByLabel('New folder for the sample').fill(dir);
    await this.page.getByRole('button', { name: 'Explore the sample' }).click();
  }

  async makeProject(dir: string): Promise<void> {
    await this.page.getByLabel('New or empty folder').fill(dir);
    await this.page.getByRole('button', { name: 'Make it' }).click();
  }

  /** The first row of a table as text, by column. */
  async firstRow(table: Locator): Promise<Record<string, string>> {
    const titles = await table.getByRole('columnheader').allInnerTexts();
    const row = table.locator('tbody tr').first();
    const cells = await row.getByRole('cell').or(row.getByRole('rowheader')).allInnerTexts();
    return Object.fromEntries(titles.map((title, at) => [title, cells[at]]));
  }
}
