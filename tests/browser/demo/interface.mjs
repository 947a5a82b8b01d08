// What the script takes over and what it leaves alone, and what it offers to pages that want more.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageAt } from './flows.mjs';
import { around, between, closedGate, feedback, keyOf, serve } from './network.mjs';
import {
  actiond,
  member,
  press,
  reportsOrderedBy,
  signUp,
  site,
  test,
  testAlone,
  visitor,
} from './site.mjs';

test('a form sends what the browser would send: button, encoding, address', async () => {
  const page = await visitor();
  await serve(
    page,
    '/made.html',
    around(`
    <form method="get" action="/elsewhere" enctype="multipart/form-data">
      <input name="action" value="shadow" aria-label="a">
      <input type="file" name="file" aria-label="f">
      <button id="plain" name="do" value="it" formmethod="post" formaction="/actions/made?x=1"
              formenctype="application/x-www-form-urlencoded">Plain</button>
      <button id="parts" name="do" value="that" formmethod="post"
              formaction="/actions/made">Parts</button>
    </form>`),
  );
  const sent = await between(page, '**/actions/made*', (route) =>
    route.fulfill({ json: { ok: true, data: {} } }),
  );
  await page.goto('/made.html');
  await page.setInputFiles('[name=file]', {
    name: 'a.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('inside'),
  });
  for (const id of ['plain', 'parts']) {
    const answered = page.waitForEvent('requestfinished');
    await page.locator('#' + id).click();
    await answered;
    await page.locator('form:not([aria-busy])').waitFor();
  }
  assert.equal(sent[0].url(), site + '/actions/made?x=1');
  assert.equal(sent[0].postData(), 'action=shadow&file=a.txt&do=it');
  assert.equal(sent[0].headers().accept, 'application/json');
  assert.match(sent[1].headers()['content-type'], /^multipart\/form-data; boundary=/);
});

for (const [what, attributes, script] of [
  ['for another window', 'method="post" action="/actions/made" target="_blank"'],
  ['sent with GET', 'method="get" action="/actions/made"'],
  ['for another address', 'method="post" action="/other"'],
  [
    'that the page handles itself',
    'method="post" action="/actions/made"',
    (form) => form.addEventListener('submit', (event) => event.preventDefault()),
  ],
])
  test(`a form ${what} is left alone`, async () => {
    const page = await visitor();
    await serve(page, '/made.html', around(`<form ${attributes}><button>Go</button></form>`));
    await page.goto('/made.html');
    if (script) await page.locator('form').evaluate(script);
    const heard = await page.evaluate(() => {
      const heard = [];
      addEventListener('action:pending', () => heard.push('pending'));
      addEventListener('submit', (event) => {
        heard.push('submit');
        event.preventDefault();
      });
      document.querySelector('button').click();
      return heard;
    });
    assert.deepEqual(heard, ['submit']);
  });

const call = (page, ...words) =>
  page.evaluate(async (all) => (await import('/actions.js')).call(...all), words);

test('call answers with the same result whatever happened, and never throws', async () => {
  const page = await visitor();
  await page.goto('/feedback.html');
  const rows = [
    [
      ['feedback', { message: 'Hello' }],
      { ok: true, status: 200, location: '/feedback-thanks.html', detail: '' },
    ],
    [
      ['feedback', { message: null }],
      { ok: false, status: 422, errors: { message: 'This field is required.' } },
    ],
    [['profile', { name: 'Ada' }], { ok: false, status: 401, errors: {} }],
    [['no-such', {}], { ok: false, status: 404, detail: 'There is no such action.' }],
    [['feedback', { message: ['a', 'b'] }], { ok: false, status: 400 }],
  ];
  for (const [words, expected] of rows) {
    const result = await call(page, ...words);
    const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, result[key]]));
    assert.deepEqual(seen, expected, words[0]);
  }
  await page.context().setOffline(true);
  const result = await call(page, 'feedback', { message: 'Hello' });
  assert.equal(result.ok, false);
  assert.equal(result.status, 0);
  assert.match(result.detail, /offline/);
});

testAlone('call under one key orders one report, under none a new one each time', async () => {
  const page = await member();
  await page.goto('/');
  const order = (...options) => call(page, 'premium', { topic: 'Called', pages: 3 }, ...options);
  assert.equal(
    await reportsOrderedBy(async () => {
      const first = await order({ once: randomUUID() });
      assert.equal(first.ok, true, first.detail);
      const once = randomUUID();
      const [a, b] = [await order({ once }), await order({ once })];
      assert.equal(a.data?.report, b.data?.report);
      await order();
      await order();
    }),
    4,
  );
});

test('an optimistic list shows an entry at once and takes it back when refused', async () => {
  const page = await visitor();
  for (const file of ['optimistic.html', 'optimistic.js'])
    await serve(page, '/' + file, readFileSync(new URL(file, import.meta.url), 'utf8'));
  let gate = closedGate();
  const sent = await between(page, feedback, (route) => gate.passing(route));
  await page.goto('/optimistic.html');

  await page.fill('#message', 'First');
  await press(page);
  await page.locator('li[aria-busy=true]', { hasText: 'First' }).waitFor();
  gate.open();
  await page.locator('li:not([aria-busy])', { hasText: 'First' }).waitFor();
  await page.locator('form:not([aria-busy])').waitFor();
  assert.equal(await page.inputValue('#message'), '');
  assert.equal(page.url(), site + '/optimistic.html');

  gate = closedGate();
  await page.fill('#message', '   ');
  await press(page);
  await page.locator('li[aria-busy=true]').waitFor();
  gate.open();
  assert.equal(await messageAt(page, '#message'), 'This field is required.');
  assert.equal(await page.locator('#list li').count(), 1);
  assert.notEqual(keyOf(sent[0]), keyOf(sent[1]));
});

test('events carry the result, and preventDefault stops what would follow', async () => {
  const page = await visitor();
  await page.goto('/feedback.html');
  await page.evaluate(() => {
    window.heard = [];
    for (const what of ['pending', 'done', 'invalid', 'failed'])
      addEventListener('action:' + what, (event) => {
        window.heard.push([what, event.target.localName, event.detail.status ?? event.detail.name]);
        event.preventDefault();
      });
  });
  const key = await page.inputValue('main [name=_once]');
  const settle = async (count) => {
    await page.waitForFunction((n) => window.heard.length === n, count);
    await page.locator('main form[method=post]:not([aria-busy])').waitFor();
  };
  await page.fill('#message', '  ');
  await press(page);
  await settle(2);
  await page.fill('#message', 'Fine');
  await press(page);
  await settle(4);
  assert.notEqual(await page.inputValue('main [name=_once]'), key);
  await page.context().setOffline(true);
  await press(page);
  await settle(6);
  assert.deepEqual(await page.evaluate(() => window.heard), [
    ['pending', 'form', 'feedback'],
    ['invalid', 'form', 422],
    ['pending', 'form', 'feedback'],
    ['done', 'form', 200],
    ['pending', 'form', 'feedback'],
    ['failed', 'form', 0],
  ]);
  assert.equal(await page.locator('.error-summary, .field-error, .form-error').count(), 0);
  assert.equal(page.url(), site + '/feedback.html');
});

test('a static page shows who is signed in', async () => {
  const page = await visitor();
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
  const email = await signUp(page);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  assert.equal(await page.locator('strong[data-user=name]').innerText(), 'Ada Lovelace');
  assert.equal(await page.locator('main [data-user=email]').innerText(), email);
  assert.equal(await page.locator('main [data-show=unpaid]').isVisible(), true);
  actiond('grant', email);
  await page.reload();
  await page.locator('main [data-show=paid]').filter({ visible: true }).waitFor();
  assert.equal(await page.locator('main [data-show=unpaid]').isVisible(), false);
});

test('a static page that comes back out of memory has forgotten who signed out', async () => {
  const page = await visitor();
  const email = await signUp(page);
  await page.locator('main [data-user=email]').filter({ hasText: email }).waitFor();
  actiond('sessions', 'end', email);
  await page.evaluate(() =>
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
  );
  await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
  const left = await page.content();
  assert.ok(!left.includes(email) && !left.includes('Ada Lovelace'));
});

test('who is signed in is asked once, and only where a static page shows it', async () => {
  const page = await visitor();
  await signUp(page);
  await serve(page, '/made.html', around('<p>Nobody cares</p>'));
  const rows = { '/': 1, '/actions/profile': 0, '/made.html': 0 };
  for (const [path, expected] of Object.entries(rows)) {
    let asked = 0;
    const count = (request) => {
      asked += request.url() === site + '/actions/me';
    };
    page.on('request', count);
    await page.goto(path, { waitUntil: 'networkidle' });
    page.off('request', count);
    assert.equal(asked, expected, path);
  }
});
