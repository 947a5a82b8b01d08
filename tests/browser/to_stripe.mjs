// The way to Stripe in a real Chromium, under the site's own Content-Security-Policy: with the script, without
// JavaScript and with the script blocked.  Prints a line a test and at last "N passed, N failed".
// SHOTS names a folder for pictures of the page that waits.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { folder, newEmail, openStripe, password, sell, site, withCourier } from './shop.mjs';

// The hosts that pages lead to; `evil.example` stands in no setting, and `pay.example` in no form-action.
const hosts = ['checkout.stripe.com', 'buy.stripe.com', 'pay.example', 'evil.example'];
const [key, cert] = ['host.key', 'host.pem'].map((name) => join(folder, name));
const request = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=stripe.test';
execFileSync('openssl', ['req', ...request.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
const visits = [];
const elsewhere = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, ({ method, url, headers }, response) => {
  if (url !== '/favicon.ico') visits.push(`${method} https://${headers.host}${url}`);
  response.setHeader('Content-Type', 'text/html');
  response.end(`<!DOCTYPE html><html lang="en"><title>${headers.host}</title><h1>${headers.host}</h1>`);
});
await new Promise((listens) => elsewhere.listen(0, '127.0.0.1', listens));
const mapped = hosts.map((host) => `MAP ${host}:443 127.0.0.1:${elsewhere.address().port}`).join(',');

let leadsTo = 'checkout.stripe.com';
const stripe = await openStripe((number) => `https://${leadsTo}/c/pay/cs_test_${number}#fid`);
sell(
  [
    { name: 'team', prices: ['price_1'] },
    { name: 'listed', prices: ['plink_1'], link: 'https://buy.stripe.com/test_1' },
    { name: 'unlisted', prices: ['plink_2'], link: 'https://pay.example/test_2' },
  ],
  stripe,
);

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium-headless-shell',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', `--host-resolver-rules=${mapped}`],
});

const ways = [
  { way: 'with JavaScript', sendsForm: false },
  { way: 'without JavaScript', sendsForm: true, context: { javaScriptEnabled: false } },
  { way: 'with the script blocked', sendsForm: true, isBlocked: true },
];

// A visitor with an account, and what the policy refused him.
async function customer({ context: options = {}, isBlocked = false }) {
  const context = await browser.newContext({ baseURL: site, ignoreHTTPSErrors: true, ...options });
  const refused = [];
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  if (isBlocked) await context.route('**/actions.js', (route) => route.abort());
  const page = await context.newPage();
  await page.goto('/sign-up.html');
  await page.fill('#name', 'Ada Lovelace');
  await page.fill('#email', newEmail());
  await page.fill('#password', password);
  await page.click('main form button');
  await page.waitForURL((url) => !url.pathname.includes('sign-up'));
  return { context, page, refused };
}

async function press(page, plan) {
  await page.goto('/actions/upgrade');
  await page.check(`input[name=plan][value=${plan}]`);
  await page.click('main form button');
}
const onWay = /\/actions\/to-stripe\?id=[\w-]+$/;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env.SHOTS;
async function look(page, name) {
  const found = [];
  for (const colorScheme of ['light', 'dark'])
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      if (shots) await page.screenshot({ path: `${shots}/to-stripe-${name}-${width}-${colorScheme}.png` });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      const scrolls = await page.evaluate(() => document.documentElement.scrollWidth);
      found.push(...violations.map(({ id, nodes }) => `${name}, ${width}, ${colorScheme}: ${id} ${nodes[0].html}`));
      if (scrolls > width) found.push(`${name}, ${width}, ${colorScheme}: ${scrolls} wide`);
    }
  return found;
}

const tests = [];
const test = (name, steps) => tests.push({ name, steps });
for (const mode of ways) {
  test(`the press of a button leads to a page that waits, and on to Stripe, ${mode.way}`, async (visitor) => {
    const { page, refused } = visitor;
    leadsTo = 'checkout.stripe.com';
    await press(page, 'team');
    await page.waitForURL(onWay);
    await page.getByText('The way to Stripe is being made').waitFor();
    const way = page.url();
    await withCourier(() => page.waitForURL(/^https:\/\/checkout\.stripe\.com\/c\/pay\/cs_test_\d+#fid$/));
    assert.equal(await page.locator('h1').innerText(), 'checkout.stripe.com');
    // The way is there: the press itself is led on, over both redirects, which are the form's.
    const before = visits.length;
    await press(page, 'team');
    await page.waitForURL('https://checkout.stripe.com/**');
    assert.match(visits.slice(before).join(), /^GET https:\/\/checkout\.stripe\.com\/c\/pay\/cs_test_\d+$/);
    await page.goto(way);
    await page.waitForURL('https://checkout.stripe.com/**');
    assert.deepEqual(refused, []);
  });

  test(`a payment link of a host that form-action lists is followed, ${mode.way}`, async ({ page, refused }) => {
    await press(page, 'listed');
    await page.waitForURL('https://buy.stripe.com/**');
    assert.deepEqual(refused, []);
  });

  test(`a session that leads elsewhere is shown to nobody, ${mode.way}`, async ({ page, refused }) => {
    leadsTo = 'evil.example';
    await press(page, 'team');
    await page.waitForURL(onWay);
    await withCourier(() => page.getByText('Nothing was paid').waitFor());
    assert.equal(visits.filter((visit) => visit.includes('evil.example')).length, 0);
    assert.deepEqual(refused, []);
  });

  test(`a form is not followed to a host that form-action does not list, ${mode.way}`, async ({ page, refused }) => {
    const before = visits.length;
    if (mode.sendsForm) {
      await press(page, 'unlisted');
    } else {
      // form-action does not hold for the script, which asks and then goes there: the form is sent past it.
      await page.goto('/actions/upgrade');
      await page.check('input[name=plan][value=unlisted]');
      await page.locator('main form').evaluate((form) => form.submit());
    }
    const said = () => refused.some((text) => text.includes('form-action'));
    const left = () => !page.url().startsWith(site);
    while (!said() && !left()) await new Promise((later) => setTimeout(later, 20));
    assert.equal(visits.length, before);
    assert.ok(!left(), page.url());
  });
}

test(`axe finds nothing on the page that waits, and on the one that gave up, ${ways[0].way}`, async ({ page }) => {
  leadsTo = 'evil.example';
  // It stays as it is while it is looked at.
  await page.route(/to-stripe/, async (route) => {
    const response = await route.fetch();
    const { refresh, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await press(page, 'team');
  await page.getByText('The way to Stripe is being made').waitFor();
  const found = await look(page, 'waits');
  const failed = page.getByText('Nothing was paid');
  await withCourier(async () => {
    while (!(await failed.isVisible())) await page.reload();
  });
  found.push(...(await look(page, 'gave-up')));
  assert.deepEqual(found, []);
});

let passed = 0;
for (const { name, steps } of tests) {
  const mode = ways.find(({ way }) => name.endsWith(way));
  const visitor = await customer(mode);
  try {
    await steps(visitor);
    console.log(`ok      ${name}`);
    ++passed;
  } catch (error) {
    console.log(`FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, '        ')}\n${visitor.page.url()}`);
  }
  await visitor.context.close();
}
await browser.close();
elsewhere.close();
stripe.close();
console.log(`${passed} passed, ${tests.length - passed} failed`);
process.exitCode = passed === tests.length ? 0 : 1;
