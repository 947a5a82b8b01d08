// Another site, opened in the browser of somebody who may do everything: what it sends has no effect,
// and nothing of ours shows in it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { actiond, evil, member, password, site, testAlone } from './site.mjs';

const database = join(dirname(process.env.ACTIOND_CONFIG), 'site.db');

// Every row of every table, but of `hosts`, where the pool itself says again and again that it serves.
const allRows = () =>
  execFileSync('sqlite3', ['-readonly', database, '.dump'], { encoding: 'utf8', maxBuffer: 1e9 })
    .replaceAll(/^INSERT INTO hosts .*\n/gm, '');

const right = {
  email: 'eve@example.org',
  message: 'hi',
  name: 'Eve',
  topic: 'Wool',
  present: password,
  password: 'battery staple horse',
  end: 'others',
};
const actions = JSON.parse(actiond('actions', '--json')).actions.map(({ name, path, fields }) => ({
  name,
  url: site + path,
  fields: fields.filter((field) => field.name in right).map((field) => [field.name, right[field.name]]),
}));

// Two other sites: one is another site altogether; to the cookie the other one is the same site, since
// ports do not count there.
const listening = await new Promise((resume) => {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!DOCTYPE html><title>Evil</title><body>');
  }).listen(0, '127.0.0.1', () => resume(server));
});
listening.unref();
const { port } = listening.address();
const places = [
  { place: 'another site', home: `http://${evil}:${port}/`, says: 'cross-site' },
  { place: 'another port', home: `http://${new URL(site).hostname}:${port}/`, says: 'same-site' },
];

// The member's page, on the other site; with a cookie that goes wherever a request goes, as browsers
// sent every cookie once.
async function lured(home, isLax) {
  const page = await member();
  const context = page.context();
  if (!isLax)
    await context.addCookies(
      (await context.cookies()).map((cookie) => ({ ...cookie, sameSite: 'None', secure: true })),
    );
  await page.goto(home);
  return page;
}

async function isStillSignedIn(page) {
  await page.goto(site + '/actions/profile');
  assert.equal(page.url(), site + '/actions/profile');
  assert.equal(await page.locator('#name').inputValue(), 'Ada Lovelace');
}

for (const { place, home, says } of places)
  for (const isLax of [true, false]) {
    const cookie = isLax ? 'its cookie' : 'a cookie that is sent everywhere';

    testAlone(`S3 S6 no form of ${place} acts, with ${cookie}`, async () => {
      const page = await lured(home, isLax);
      const before = allRows();
      let carried = 0;
      for (const { url, fields } of actions)
        for (const type of [
          'application/x-www-form-urlencoded',
          'multipart/form-data',
          'text/plain',
        ]) {
          await page.goto(home);
          const answered = page.waitForResponse(url);
          await page.evaluate(
            ([action, enctype, values]) => {
              const form = Object.assign(document.createElement('form'), { action, enctype });
              form.method = 'post';
              for (const [name, value] of values)
                form.append(Object.assign(document.createElement('input'), { name, value }));
              document.body.append(form);
              form.submit();
            },
            [url, type, fields],
          );
          const answer = await answered;
          await page.waitForURL(url);
          const sent = await answer.request().allHeaders();
          assert.equal(sent['sec-fetch-site'], says);
          carried += /session=/.test(sent.cookie ?? '');
          assert.equal(answer.status(), 403, `${url} as ${type}`);
        }
      // The Lax cookie stays at home only where the other one is another site.
      assert.equal(carried, isLax && says === 'cross-site' ? 0 : 3 * actions.length);
      assert.equal(allRows(), before);
      await isStillSignedIn(page);
    });

    testAlone(`S3 no script of ${place} acts or reads, with ${cookie}`, async () => {
      const page = await lured(home, isLax);
      const before = allRows();
      const urls = [...actions.map(({ url }) => url), site + '/actions/me', site + '/actions/'];
      const readable = await page.evaluate(async (all) => {
        const read = [];
        const types = ['application/x-www-form-urlencoded', 'text/plain', 'application/json', ''];
        const body = 'message=hi&name=Eve&topic=Wool&end=others';
        for (const url of all)
          for (const mode of ['no-cors', 'cors'])
            for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
              for (const type of method === 'GET' || method === 'HEAD' ? [''] : types)
                try {
                  const headers = type ? { 'Content-Type': type } : {};
                  const sent = { method, mode, headers, credentials: 'include', redirect: 'follow' };
                  if (method !== 'GET' && method !== 'HEAD') sent.body = body;
                  const answer = await fetch(url, sent);
                  if (answer.type !== 'opaque' || (await answer.text()) !== '') read.push([url, sent]);
                } catch {
                  // Refused by the browser.
                }
        for (const url of all) navigator.sendBeacon(url, new URLSearchParams(body));
        return read;
      }, urls);
      assert.deepEqual(readable, []);
      assert.equal(allRows(), before);
      await isStillSignedIn(page);
    });

    testAlone(`S3 nothing of ours shows in ${place}, with ${cookie}`, async () => {
      const page = await lured(home, isLax);
      const before = allRows();
      for (const path of ['/', '/feedback.html', '/actions/profile', '/actions/me', '/actions/']) {
        await page.goto(home);
        for (const [tag, attribute] of [
          ['iframe', 'src'],
          ['object', 'data'],
          ['embed', 'src'],
        ]) {
          const answered = page.waitForResponse(site + path);
          await page.evaluate(
            ([name, where, url]) => {
              const element = document.createElement(name);
              element[where] = url;
              if (name === 'object') element.textContent = 'In its place';
              document.body.append(element);
            },
            [tag, attribute, site + path],
          );
          await answered;
        }
        await page.getByText('In its place').waitFor();
        const loads = await page.evaluate(
          (url) =>
            Promise.all(
              ['script', 'img'].map(
                (name) =>
                  new Promise((resume) => {
                    const element = document.createElement(name);
                    element.onload = () => resume(true);
                    element.onerror = () => resume(false);
                    element.src = url;
                    document.body.append(element);
                  }),
              ),
            ),
          site + path,
        );
        assert.deepEqual(loads, [false, false], path);
        const shown = page.frames().slice(1);
        assert.equal(shown.length, 2);
        for (const frame of shown) {
          await frame.waitForURL(/^(chrome-error:|about:blank)/);
          assert.equal(await frame.locator('form, pre, nav, footer').count(), 0, path);
        }
      }
      // A window that it opens is another one's: it can neither look in nor steer it.
      const [opened] = await Promise.all([
        page.waitForEvent('popup'),
        page.evaluate((url) => void (window.opened = window.open(url)), site + '/actions/profile'),
      ]);
      await opened.waitForURL(/\/actions\/profile|\/sign-in\.html/);
      await page.waitForFunction(() => window.opened.closed);
      assert.equal(await opened.evaluate(() => window.opener), null);
      assert.equal(allRows(), before);
      await isStillSignedIn(page);
    });
  }
