// An action happens once, whatever the visitor and the network do; and what is new is new.

import assert from 'node:assert/strict';
import { between, busy, closedGate, feedback, keyOf, premium } from './network.mjs';
import {
  actiond,
  failure,
  member,
  onThanks,
  password,
  press,
  reportIn,
  reportsOrderedBy,
  signUp,
  site,
  submitButton,
  test,
  testAlone,
  visitor,
  ways,
} from './site.mjs';

const [withScript, withoutScript] = ways;

for (const mode of [withScript, withoutScript]) {
  testAlone(`a double click orders one report, ${mode.way}`, async () => {
    const page = await member(mode);
    await page.goto('/actions/premium');
    await page.fill('#topic', 'Double');
    assert.equal(
      await reportsOrderedBy(async () => {
        await submitButton(page).dblclick();
        await reportIn(page);
      }),
      1,
    );
  });

  testAlone(`going back and sending the same again orders nothing more, ${mode.way}`, async () => {
    const page = await member(mode);
    await page.goto('/premium.html');
    await page.fill('#topic', 'Back');
    // As if the answer led to another page. Not by a route, which would turn the cache off.
    if (mode.hasScript)
      await page.evaluate(() => {
        const send = window.fetch;
        window.fetch = (...words) =>
          send(...words).then(() => Response.json({ ok: true, location: '/feedback-thanks.html' }));
      });
    await press(page);
    await (mode.hasScript ? onThanks(page) : page.waitForURL(site + '/actions/premium'));
    await page.goBack();
    assert.equal(await page.inputValue('#topic'), 'Back');
    assert.equal(
      await reportsOrderedBy(async () => {
        await press(page);
        await reportIn(page);
      }),
      0,
    );
  });

  testAlone(`going back and sending something else is a new order, ${mode.way}`, async () => {
    const page = await member(mode);
    await page.goto('/premium.html');
    await page.fill('#topic', 'Back');
    await press(page);
    const first = await reportIn(page);
    if (!mode.hasScript) await page.goBack();
    await page.fill('#topic', 'Back, then edited');
    assert.equal(
      await reportsOrderedBy(async () => {
        await press(page);
        await page
          .locator('output[name=report]')
          .filter({ hasNotText: String(first) })
          .waitFor();
      }),
      1,
    );
  });
}

test('a second submit while the first is on its way is not sent', async () => {
  const page = await visitor();
  const gate = closedGate();
  const sent = await between(page, feedback, (route) => gate.passing(route));
  await page.goto('/feedback.html');
  await page.fill('#message', 'Once');
  await page.locator('main form[method=post]').evaluate((form) => {
    form.requestSubmit();
    form.requestSubmit(form.querySelector('button'));
    form.requestSubmit();
  });
  gate.open();
  await onThanks(page);
  assert.equal(sent.length, 1);
});

test('after an answer that stays on the page, the next submission is a new one', async () => {
  const page = await member();
  const sent = await between(page, premium);
  await page.goto('/premium.html');
  await page.fill('#topic', 'Same');
  await press(page);
  const first = await reportIn(page);
  await press(page);
  await page
    .locator('output[name=report]')
    .filter({ hasNotText: String(first) })
    .waitFor();
  assert.notEqual(keyOf(sent[0]), keyOf(sent[1]));
  assert.match(keyOf(sent[1]), /^[0-9a-f]{32}$/);
  assert.equal(await page.inputValue('#topic'), 'Same');
});

testAlone('two tabs order two reports', async () => {
  const page = await member();
  const other = await page.context().newPage();
  assert.equal(
    await reportsOrderedBy(async () => {
      for (const tab of [page, other]) {
        await tab.goto('/actions/premium');
        await tab.fill('#topic', 'Tabs');
      }
      await Promise.all([press(page), press(other)]);
      assert.notEqual(await reportIn(page), await reportIn(other));
    }),
    2,
  );
});

for (const mode of ways)
  test(`P20 who signed out in another tab keeps what was typed, ${mode.way}`, async () => {
    const page = await visitor(mode);
    const email = await signUp(page);
    await page.goto('/actions/profile');
    const other = await page.context().newPage();
    await other.goto('/actions/profile');
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.waitForURL(site + '/');
    await page.fill('#name', 'Late');
    await press(page);
    const signIn = page.locator('main form[method=post]').getByRole('link', { name: 'Sign in (in a new tab)' });
    const [tab] = await Promise.all([page.waitForEvent('popup'), signIn.click()]);
    await tab.fill('#email', email);
    await tab.fill('#password', password);
    await press(tab);
    await tab.waitForURL(site + '/');
    assert.equal(await page.inputValue('#name'), 'Late');
    await press(page);
    await page.getByText('Saved.').waitFor();
    await page.goto('/actions/profile');
    assert.equal(await page.inputValue('#name'), 'Late');
  });

test('who signed out in another tab and typed nothing signs in and comes back', async () => {
  const page = await visitor();
  const email = await signUp(page);
  await page.goto('/actions/sessions');
  actiond('sessions', 'end', email);
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await page.waitForURL(site + '/sign-in.html?next=%2Factions%2Fsessions');
  await page.fill('#email', email);
  await page.fill('#password', password);
  await press(page);
  await page.waitForURL(site + '/actions/sessions');
});

testAlone('an answer lost on the way is asked for again, and one report is ordered', async () => {
  const page = await member();
  const sent = await between(page, premium, async (route, count) => {
    if (count > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.goto('/actions/premium');
  await page.fill('#topic', 'Lost');
  assert.equal(
    await reportsOrderedBy(async () => {
      await press(page);
      await reportIn(page);
    }),
    1,
  );
  assert.equal(sent.length, 2);
  assert.equal(keyOf(sent[0]), keyOf(sent[1]));
});

test('a busy server is asked again, under the same key', async () => {
  const page = await visitor();
  const sent = await between(page, feedback, (route, count) =>
    count < 3 ? route.fulfill(busy) : route.continue(),
  );
  await page.goto('/feedback.html');
  await page.fill('#message', 'Patience');
  await press(page);
  await onThanks(page);
  assert.equal(new Set(sent.map(keyOf)).size, 1);
  assert.equal(sent.length, 3);
});

test('after three tries the visitor decides', async () => {
  const page = await visitor();
  const sent = await between(page, feedback, (route) => route.abort());
  await page.goto('/feedback.html');
  await page.fill('#message', 'Patience');
  await press(page);
  assert.match(await failure(page).innerText(), /could not be reached/);
  assert.equal(sent.length, 3);
  assert.equal(await page.inputValue('#message'), 'Patience');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'button');
  await page.unroute(feedback);
  await press(page);
  await onThanks(page);
});

test('without a key nothing is sent twice', async () => {
  const page = await visitor();
  const sent = await between(page, '**/actions/sign-in', (route) => route.fulfill(busy));
  await page.goto('/sign-in.html');
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await press(page);
  assert.equal(await failure(page).innerText(), 'Busy right now; nothing was saved.');
  assert.equal(sent.length, 1);
  assert.equal(await page.inputValue('#password'), password);
});
