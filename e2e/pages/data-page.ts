import { expect, type Locator, type Page } from '@playwright/test';

/** #/data: the sets, a set's gallery with its big view, the import. */
export class DataPage {
  readonly heading: Locator;
  readonly gallery: Locator;
  readonly cells: Locator;
  readonly bigView: Locator;
  readonly prediction: Locator;
  readonly skipped: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1 });
    this.gallery = page.getByRole('grid', { name: /^Images of/ });
    this.cells = this.gallery.getByRole('gridcell');
    this.bigView = page.getByRole('dialog');
    this.prediction = this.bigView.getByRole('table', { name: /^Prediction of/ });
    this.skipped = page.getByRole('table', { name: 'Skipped files' });
  }

  /** Something of #/data/..., without loading the page anew. */
  async go(place = ''): Promise<void> {
    await this.page.evaluate((hash) => location.assign(hash), `#/data${place}`);
  }

  /** The line beside the filters. */
  found(text: string): Locator {
    return this.page.getByRole('search', { name: 'Filter images' }).getByText(text, { exact: true });
  }

  async search(text: string): Promise<void> {
    await this.page.getByLabel('Part of the path').fill(text);
  }

  /** Rows of the prediction shown: class and probability. */
  async predicted(): Promise<string[][]> {
    const rows = await this.prediction.locator('tbody tr').all();
    return Promise.all(rows.map((row) => row.getByRole('cell').allInnerTexts()));
  }

  /** Waits until so many pictures are there in full. */
  async drawn(count: number): Promise<void> {
    const complete = () =>
      this.cells
        .locator('img')
        .evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length);
    await expect.poll(complete).toBe(count);
  }

  async importFolder(path: string): Promise<void> {
    await this.page.getByLabel('Folder or tar archive').fill(path);
    await this.page.getByRole('button', { name: 'Look' }).click();
    await this.page.getByRole('button', { name: /^Import [\d,]+ images/ }).click();
  }
}
