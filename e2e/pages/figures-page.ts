import type { Locator, Page } from '@playwright/test';
import { goTo } from './parts.ts';

/** Figures that were put aside, to be arranged and exported. */
export class FiguresPage {
  readonly heading: Locator;
  readonly items: Locator;
  readonly sheet: Locator;
  readonly preview: Locator;
  readonly caption: Locator;
  readonly writeAll: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: 'Figures' });
    this.items = page.getByRole('list', { name: 'Figures in order' }).getByRole('listitem');
    this.sheet = page.getByRole('region', { name: 'Chosen figure' });
    this.preview = this.sheet.getByRole('img', { name: /^Print preview/ });
    this.caption = this.sheet.getByRole('textbox', { name: 'Caption' });
    this.writeAll = page.getByRole('button', { name: 'Write all to the project folder' });
  }

  go(query = ''): Promise<void> {
    return goTo(this.page, `/figures${query}`);
  }

  /** The button beside a chart or table of any page. */
  addButton(name: string): Locator {
    return this.page.getByRole('button', { name: `Add to figures: ${name}` });
  }

  /** The same, once the figure is in the basket. */
  inFigures(name: string): Locator {
    return this.page.getByRole('button', { name: `In figures: ${name}` });
  }

  width(label: string): Locator {
    return this.sheet.getByRole('radiogroup', { name: 'Width' }).getByText(label);
  }

  format(name: string): Locator {
    return this.sheet.getByRole('checkbox', { name });
  }

  download(format: string): Locator {
    return this.sheet.getByRole('button', { name: `Download ${format}` });
  }

  move(figure: number, way: 'up' | 'down'): Locator {
    return this.page.getByRole('button', { name: `Move figure ${figure} ${way}` });
  }

  takeOut(figure: number): Locator {
    return this.page.getByRole('button', { name: `Take figure ${figure} out` });
  }
}
