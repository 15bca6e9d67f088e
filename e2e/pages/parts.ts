import type { Locator, Page } from '@playwright/test';

/** Follows an address inside the window: what stands behind the #. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, address);
}

/** A table's body as it reads, row by row. */
export async function rowsOf(table: Locator): Promise<string[][]> {
  const rows = table.locator('tbody tr');
  await rows.first().waitFor();
  return rows.evaluateAll((all) =>
    all.map((row) => Array.from(row.children, (cell) => (cell as HTMLElement).innerText.trim())),
  );
}
