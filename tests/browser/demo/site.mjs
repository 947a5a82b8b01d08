// What every browser test needs: the site under test, its operator's command line, visitors in a
// real Chromium, and a list of tests that are sentences.
//
//   SITE_URL         where nginx serves the site, such as http://localhost:8080
//   ACTIOND          the program
//   ACTIOND_CONFIG   its settings, read by the program itself

import { AsyncLocalStorage } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chromium } from 'playwright-core';

export const site = setting('SITE_URL').replace(/\/$/, '');
// Another site's name, which leads to this machine, too.
export const evil = 'evil.example';
const program = setting('ACTIOND');
setting('ACTIOND_CONFIG');

function setting(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`browser.mjs: set ${name}`);
  process.exit(2);
}

// What the command prints; throws when it did not exit with 0.
export const actiond = (...words) => execFileSync(program, words, { encoding: 'utf8' });

export const password = 'correct horse battery staple';
export const newEmail = () => `ada-${randomUUID()}@example.com`;

const clerk = newEmail();
let hasClerk = false;
function nextReport() {
  if (!hasClerk) {
    actiond('call', 'sign-up', 'name=Clerk', `email=${clerk}`, `password=${password}`);
    actiond('grant', clerk);
    hasClerk = true;
  }
  return Number(/report=(\d+)/.exec(actiond('call', 'premium', 'topic=count', '--as', clerk))[1]);
}

// Reports are numbered: what lies between two of the clerk's own is what the steps ordered.
export async function reportsOrderedBy(steps) {
  const before = nextReport();
  await steps();
  return nextReport() - before - 1;
}

// The three ways in which a page meets its script.
export const ways = [
  { way: 'with JavaScript', hasScript: true },
  { way: 'without JavaScript', hasScript: false, context: { javaScriptEnabled: false } },
  { way: 'with the script blocked', hasScript: false, isBlocked: true },
];

let browser;
const current = new AsyncLocalStorage(); // of the test that runs: its contexts and their faults

// A page of a visitor who has never been here. What goes wrong inside it fails the test.
export async function visitor({ context: options = {}, isBlocked = false } = ways[0]) {
  const context = await browser.newContext({ baseURL: site, ...options });
  const { contexts, faults } = current.getStore();
  contexts.push(context);
  if (isBlocked) await context.route('**/actions.js', (route) => route.abort());
  context.on('weberror', (error) => faults.push(error.error()));
  context.on('console', (message) => {
    // Where another site is open, it is that one which was refused something.
    if (!message.page()?.url().startsWith(site)) return;
    if (message.text().includes('Content Security Policy')) faults.push(new Error(message.text()));
  });
  return context.newPage();
}

// A field that a browser would not send is sent all the same, as older browsers do.
export const unguard = (page) =>
  page.locator('main form[method=post]').evaluate((form) => (form.noValidate = true));
export const submitButton = (page) => page.locator('main form[method=post] button');
export const press = (page) => submitButton(page).click();
export const failure = (page) =>
  page.locator('main form[method=post] .form-error[role=alert]').filter({ hasText: /./ });
export const onThanks = (page) => page.waitForURL(site + '/feedback-thanks.html');

// The number of the report, once the page shows it.
export const reportIn = async (page) => {
  const output = page.locator('output[name=report]').filter({ hasText: /^\d+$/ });
  return Number(await output.innerText());
};

export async function signUp(page, email = newEmail()) {
  await page.goto('/sign-up.html');
  await page.fill('#name', 'Ada Lovelace');
  await page.fill('#email', email);
  await page.fill('#password', password);
  await press(page);
  await page.waitForURL(site + '/');
  return email;
}

// Signed in, and with access.
export async function member(mode = ways[0]) {
  const page = await visitor(mode);
  actiond('grant', await signUp(page));
  return page;
}

const tests = [];
export const test = (name, steps) => tests.push({ name, steps });
// Counts reports: meanwhile nobody else may order one.
export const testAlone = (name, steps) => tests.push({ name, steps, isAlone: true });

async function passes({ name, steps }) {
  const own = { contexts: [], faults: [] };
  try {
    await current.run(own, steps);
    if (own.faults.length) throw own.faults[0];
    console.log(`ok      ${name}`);
    return true;
  } catch (error) {
    const text = String(error.stack ?? error).replace(/\x1b\[\d+m/g, '');
    console.log(`FAILED  ${name}\n${text.replace(/^/gm, '        ')}`);
    return false;
  } finally {
    for (const context of own.contexts) await context.close();
  }
}

// `words` picks tests by name.  True when all of them passed.
export async function run(words = '') {
  const args =
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run ' +
    '--disable-background-networking --disable-component-update --disable-sync';
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: [...args.split(' '), `--host-resolver-rules=MAP ${evil} 127.0.0.1`],
  });
  const chosen = tests.filter(({ name }) => name.includes(words));
  let passed = 0;
  const work = async (queue) => {
    for (let one; (one = queue.shift());) if (await passes(one)) ++passed;
  };
  await work(chosen.filter(({ isAlone }) => isAlone));
  const others = chosen.filter(({ isAlone }) => !isAlone);
  await Promise.all([1, 2, 3, 4].map(() => work(others)));
  await browser.close();
  console.log(`${passed} passed, ${chosen.length - passed} failed`);
  return passed === chosen.length && passed > 0;
}
