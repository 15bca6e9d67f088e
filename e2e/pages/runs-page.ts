import type { Locator, Page } from '@playwright/test';

/** The runs: their table, one of them, some compared, the recipe of a new one, and the drawer of jobs. */
export class RunsPage {
  readonly heading: Locator;
  readonly table: Locator;
  readonly yaml: Locator;
  readonly form: Locator;
  readonly problems: Locator;
  readonly start: Locator;
  readonly stages: Locator;
  readonly comparison: Locator;
  readonly drawer: Locator;
  readonly dialog: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1 });
    this.table = page.getByRole('table', { name: 'Runs' });
    this.yaml = page.getByRole('textbox', { name: 'YAML' });
    this.form = page.getByRole('form', { name: 'Recipe' });
    this.problems = page.locator('#recipe-problems');
    this.start = page.getByRole('button', { name: /^Start/ });
    this.stages = page.getByRole('list', { name: 'Stages' });
    this.comparison = page.getByRole('table', { name: 'Compared runs' });
    this.drawer = page.getByRole('dialog', { name: 'Jobs' });
    this.dialog = page.getByRole('dialog');
  }

  /** To an address inside the page: '', '/new', '/ID/log'. */
  async go(address = ''): Promise<void> {
    await this.page.evaluate((hash) => {
      window.location.hash = hash;
    }, `#/runs${address}`);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Names of the runs in the table, from the top. */
  names(): Promise<string[]> {
    return this.table.getByRole('row').locator('td a').allInnerTexts();
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }

  /** The first field of that name: `seed` is the recipe's own, not capture's. */
  field(name: string): Locator {
    const named = { name, exact: true };
    return this.form.getByRole('textbox', named).or(this.form.getByRole('combobox', named)).first();
  }

  /** A live chart: a slider over the steps, whose text is what one reads off. */
  chart(title: string): Locator {
    return this.page.getByRole('slider', { name: `${title}: step` });
  }

  /** The step and the values that a chart shows, where the pointer is or at its end. */
  async reading(title: string): Promise<{ step: number; text: string }> {
    const text = (await this.chart(title).getAttribute('aria-valuetext')) ?? '';
    const found = /^step (\d+): (.*)$/.exec(text);
    return { step: Number(found?.[1] ?? -1), text: found?.[2] ?? '' };
  }

  /** The badge beside a run's name; its stages have words of their own. */
  state(state: string): Locator {
    return this.page.getByRole('main').getByText(state, { exact: true }).first();
  }
}
