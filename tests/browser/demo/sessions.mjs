// The sessions that a user sees and ends, each time with the script, without JavaScript and with the
// script blocked.

import assert from 'node:assert/strict';
import { newEmail, password, press, signUp, site, test, visitor, ways } from './site.mjs';

async function signIn(page, email, secret = password) {
  await page.goto('/sign-in.html');
  await page.fill('#email', email);
  await page.fill('#password', secret);
  await press(page);
}

// What each row of the list says, cell by cell.
async function rows(page) {
  await page.goto('/actions/sessions');
  const all = await page.locator('tbody tr').all();
  return Promise.all(all.map((row) => row.locator('th, td').allInnerTexts()));
}

const opensProfile = async (page) => {
  await page.goto('/actions/profile');
  return page.url() === site + '/actions/profile';
};

for (const mode of ways) {
  test(`a user sees where they are signed in, and ends it there, ${mode.way}`, async () => {
    const [here, there, elsewhere] = [await visitor(mode), await visitor(mode), await visitor(mode)];
    const email = await signUp(here, newEmail());
    for (const page of [there, elsewhere]) {
      await signIn(page, email);
      await page.waitForURL(site + '/');
    }
    const seen = await rows(here);
    assert.equal(seen.length, 3);
    assert.deepEqual(
      seen.map(([browser]) => browser.trim().replace(/\s+/g, ' ')),
      ['Chrome, Linux this browser', 'Chrome, Linux', 'Chrome, Linux'],
    );
    for (const [, made] of seen) assert.match(made, /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    assert.equal(seen[0][2], 'now');

    const [[name]] = await rows(there);
    assert.match(name, /this browser/);
    await here.goto('/actions/sessions');
    await here.locator('tbody tr').nth(1).getByRole('button', { name: 'End' }).click();
    await here.waitForURL(site + '/actions/sessions');
    await here.locator('tbody tr').nth(2).waitFor({ state: 'detached' });
    assert.equal(
      [await opensProfile(there), await opensProfile(elsewhere)].filter(Boolean).length,
      1,
    );

    await here.getByRole('button', { name: 'End all other sessions' }).click();
    await here.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
    assert.equal(await opensProfile(there), false);
    assert.equal(await opensProfile(elsewhere), false);
    assert.equal(await opensProfile(here), true);
  });

  test(`a new password signs out every other browser, ${mode.way}`, async () => {
    const [here, there] = [await visitor(mode), await visitor(mode)];
    const email = await signUp(here, newEmail());
    await signIn(there, email);
    await there.waitForURL(site + '/');
    await here.goto('/actions/change-password');
    await here.fill('#present', password);
    await here.fill('#password', 'another good passphrase');
    await press(here);
    await here.waitForURL(site + '/actions/sessions');
    assert.equal(await here.locator('tbody tr').count(), 1);
    assert.equal(await opensProfile(there), false);
    await signIn(there, email, 'another good passphrase');
    await there.waitForURL(site + '/');
  });
}
