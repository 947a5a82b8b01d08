// What a visitor does, each time with the script, without JavaScript and with the script blocked.

import assert from 'node:assert/strict';
import {
  actiond,
  newEmail,
  password,
  press,
  reportIn,
  signUp,
  site,
  test,
  unguard,
  visitor,
  ways,
} from './site.mjs';

// The message that assistive technology reads out with the control.
export async function messageAt(page, selector) {
  const control = page.locator(`${selector}[aria-invalid=true]`);
  const ids = (await control.getAttribute('aria-describedby')).split(' ');
  const messages = page
    .locator(ids.map((id) => '#' + id).join(', '))
    .and(page.locator('[id$="-error"]'));
  return messages.innerText();
}

async function seesSummary(page, links) {
  const summary = page.locator('#error-summary[role=alert]');
  await summary.waitFor();
  const found = await summary
    .locator('a')
    .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.deepEqual(found, links);
}

const focusedId = (page) => page.locator(':focus').getAttribute('id');

for (const mode of ways) {
  const flow = (name, steps) =>
    test(`${name}, ${mode.way}`, async () => steps(await visitor(mode)));

  flow(
    'a wrong sign-up keeps what was typed and says at each field what is wrong',
    async (page) => {
      await page.goto('/sign-up.html');
      await unguard(page);
      await page.fill('#name', 'Ada "<b>" Lovelace');
      await page.fill('#email', 'nowhere');
      await page.fill('#password', 'hunter2');
      await press(page);

      await seesSummary(page, ['#email', '#password']);
      assert.equal(await page.inputValue('#name'), 'Ada "<b>" Lovelace');
      assert.equal(await page.inputValue('#email'), 'nowhere');
      assert.match(await messageAt(page, '#email'), /email address/);
      assert.match(await messageAt(page, '#password'), /at least 8/);
      assert.equal(await page.getAttribute('#name', 'aria-invalid'), null);
      assert.equal(await focusedId(page), 'email');
      assert.match(await page.getAttribute('#password', 'aria-describedby'), /^password-hint /);
      // The script has sent it and taken nothing away; a page from the server never brings it back.
      assert.equal(await page.inputValue('#password'), mode.hasScript ? 'hunter2' : '');
      assert.equal((await page.content()).includes('hunter2'), false);
    },
  );

  flow('whoever signs up is signed in, and signs out again', async (page) => {
    const email = await signUp(page);
    await page.goto('/actions/profile');
    assert.equal(await page.inputValue('#name'), 'Ada Lovelace');
    assert.equal(await page.locator('main [data-user=email]').innerText(), email);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(site + '/');
    await page.goto('/actions/profile');
    assert.equal(page.url(), site + '/sign-in.html?next=/actions/profile');
  });

  flow('an address that is taken is refused at its field', async (page) => {
    const email = newEmail();
    actiond('call', 'sign-up', 'name=First', `email=${email}`, `password=${password}`);
    await page.goto('/sign-up.html');
    await page.fill('#name', 'Second');
    await page.fill('#email', email);
    await page.fill('#password', password);
    await press(page);
    await seesSummary(page, ['#email']);
    assert.match(await messageAt(page, '#email'), /account with this address/);
    assert.equal(
      await page.locator('[data-error-for=email]').innerText(),
      await messageAt(page, '#email'),
    );
  });

  flow(
    'sign-in leads back to where it was asked for, also after a wrong password',
    async (page) => {
      const email = newEmail();
      actiond('call', 'sign-up', 'name=Grace', `email=${email}`, `password=${password}`);
      await page.goto('/actions/profile');
      await page.fill('#email', email);
      await page.fill('#password', 'not the right one');
      await press(page);
      assert.match(await messageAt(page, '#password'), /wrong/);
      assert.equal(await page.inputValue('#email'), email);
      await page.fill('#password', password);
      await press(page);
      await page.waitForURL(site + '/actions/profile');
      assert.equal(await page.inputValue('#name'), 'Grace');
    },
  );

  flow('feedback is taken, after a mistake too', async (page) => {
    await page.goto('/feedback.html');
    await page.fill('#email', 'ada@example.com');
    await page.fill('#message', '   ');
    await press(page);
    await seesSummary(page, ['#message']);
    assert.equal(await messageAt(page, '#message'), 'This field is required.');
    assert.equal(await page.inputValue('#email'), 'ada@example.com');
    await page.fill('#message', 'Two\nlines & <tags> “and” ünïcödé');
    await press(page);
    await page.waitForURL(site + '/feedback-thanks.html');
  });

  flow('feedback that comes at once is held, and says so', async (page) => {
    await page.goto('/feedback.html');
    await page.fill('#message', 'At once');
    await page.locator('[name=_shown]').evaluate((field) => (field.value = Date.now() / 1000 + 3600));
    await press(page);
    await page.locator('output[name=held]').filter({ hasText: 'Thank you.' }).waitFor();
  });

  flow('a message as long as the page allows is allowed, line breaks and all', async (page) => {
    await page.goto('/feedback.html');
    await page.fill('#message', 'line\n'.repeat(399) + '12345');
    await press(page);
    await page.waitForURL(site + '/feedback-thanks.html');
  });

  flow('a profile is changed and stays so', async (page) => {
    await signUp(page);
    await page.goto('/actions/profile');
    await unguard(page);
    await page.fill('#name', 'Countess "Ada" & co');
    await page.fill('#website', 'example');
    await press(page);
    await seesSummary(page, ['#website']);
    assert.match(await messageAt(page, '#website'), /web address/);
    assert.equal(await page.inputValue('#name'), 'Countess "Ada" & co');
    await page.fill('#website', 'https://example.org/?a=1&b=2');
    const saved = page.waitForEvent('load');
    await press(page);
    await saved;
    await page.goto('/actions/profile');
    assert.equal(await page.inputValue('#name'), 'Countess "Ada" & co');
    assert.equal(await page.inputValue('#website'), 'https://example.org/?a=1&b=2');
    assert.equal(await page.locator('#error-summary').count(), 0);
  });

  flow('premium leads to sign-in, to upgrade, and with access to a report', async (page) => {
    await page.goto('/premium.html');
    await page.fill('#topic', 'Engines');
    await press(page);
    await page.waitForURL(/\/sign-in\.html\?next=/);

    const email = await signUp(page);
    await page.goto('/actions/premium');
    assert.equal(page.url(), site + '/upgrade.html');
    await page.goto('/premium.html');
    await page.fill('#topic', 'Engines');
    await press(page);
    await page.waitForURL(site + '/upgrade.html');

    actiond('grant', email);
    await page.goto('/actions/premium');
    await unguard(page);
    await page.fill('#topic', 'Engines');
    await page.fill('#pages', '21');
    await press(page);
    await seesSummary(page, ['#pages']);
    assert.equal(await messageAt(page, '#pages'), 'Ask for 1 to 20 pages.');
    assert.equal(await page.inputValue('#topic'), 'Engines');
    await page.fill('#pages', '20');
    await press(page);
    assert.ok(await reportIn(page));
    assert.equal(await page.locator('#error-summary').count(), 0);
    assert.equal(await page.locator('[aria-invalid]').count(), 0);
  });

  flow('each part of a page is shown to whom it is for', async (page) => {
    const email = await signUp(page);
    const shown = () => page.locator('main [data-show=unpaid]').isVisible();
    await page.goto('/actions/profile');
    assert.equal(await shown(), true);
    actiond('grant', email);
    await page.goto('/actions/profile');
    assert.equal(await shown(), false);
    assert.equal(await page.locator('main [data-show=paid]').isVisible(), true);
    assert.equal(await page.getByRole('link', { name: 'Sign in' }).count(), 0);
  });
}
