import { type Locator, type Page, expect } from '@playwright/test';

/** The editor that has taken the text area's place. */
export const editor = (page: Page): Locator => page.locator('.cm-content');

/** Puts a whole text in the place of what the editor holds, as people do: from the clipboard. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await expect(editor(page)).toBeVisible();
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await editor(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+v');
}
