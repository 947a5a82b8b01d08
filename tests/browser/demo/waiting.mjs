// While the answer is on its way, and when none comes or none that helps.

import assert from 'node:assert/strict';
import { between, closedGate, feedback, keyOf, problem } from './network.mjs';
import { failure, onThanks, press, submitButton, test, visitor } from './site.mjs';

test('a slow network shows that the form is busy, and then all is as before', async () => {
  const page = await visitor();
  const gate = closedGate();
  await between(page, feedback, (route) => gate.passing(route));
  await page.goto('/feedback.html');
  await page.fill('#message', '   ');
  await press(page);
  await page.locator('form[aria-busy=true]').waitFor();
  assert.equal(await submitButton(page).isDisabled(), true);
  assert.equal(await submitButton(page).innerText(), 'Sending…');
  gate.open();
  await page.locator('#error-summary').waitFor();
  assert.equal(await page.locator('[aria-busy]').count(), 0);
  assert.equal(await submitButton(page).isDisabled(), false);
  assert.equal(await submitButton(page).innerText(), 'Send feedback');
});

test('a page that is left while busy is usable when it comes back', async () => {
  const page = await visitor();
  await between(page, feedback, () => new Promise(() => {}));
  await page.goto('/feedback.html');
  await page.fill('#message', 'Leaving');
  await press(page);
  await page.locator('form[aria-busy=true]').waitFor();
  await page.evaluate(() =>
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })),
  );
  assert.equal(await page.locator('[aria-busy]').count(), 0);
  assert.equal(await submitButton(page).isEnabled(), true);
  assert.equal(await submitButton(page).innerText(), 'Send feedback');
});

test('offline, the text stays, the form says so, and a new try is the same submission', async () => {
  const page = await visitor();
  await page.goto('/feedback.html');
  await page.fill('#message', 'Typed on a train');
  const key = await page.inputValue('[name=_once]');
  await page.context().setOffline(true);
  await press(page);
  assert.match(await failure(page).innerText(), /offline/);
  assert.equal(await page.inputValue('#message'), 'Typed on a train');
  assert.equal(await submitButton(page).isEnabled(), true);
  await page.context().setOffline(false);
  const sent = await between(page, feedback);
  await press(page);
  await onThanks(page);
  assert.equal(keyOf(sent[0]), key);
});

for (const [status, detail] of [
  [400, 'Malformed.'],
  [403, 'From another site.'],
  [409, 'Another body.'],
  [413, 'Too large.'],
  [415, 'Unknown type.'],
  [500, 'Our fault.'],
])
  test(`a ${status} is told in the form`, async () => {
    const page = await visitor();
    await between(page, feedback, (route) =>
      route.fulfill(problem(status, { detail, requestId: 'r1' })),
    );
    await page.goto('/feedback.html');
    await page.fill('#message', 'Kept');
    await press(page);
    assert.equal(await failure(page).innerText(), detail + (status === 500 ? ' (Request r1)' : ''));
    assert.equal(await page.inputValue('#message'), 'Kept');
  });

test('an answer that is no JSON is told, whatever its status', async () => {
  const page = await visitor();
  await between(page, feedback, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<h1>Log in</h1>' }),
  );
  await page.goto('/feedback.html');
  await page.fill('#message', 'Kept');
  await press(page);
  assert.match(await failure(page).innerText(), /could not be read/);
});
