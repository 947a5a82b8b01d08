// Every page in every state: axe-core finds nothing, html-validate finds nothing, nothing is wider
// than the window. Light and dark, 390 and 1280 wide.
//
// With SHOTS=FOLDER each state is also photographed there, for people to look at.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { actiond, press, signUp, site, test, unguard, visitor } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

// Two messages for the owner: one of them in a word that is wider than a phone.
const fields = `{"email":"ada@example.com","message":"${'Llanfair'.repeat(40)}"}`;
const put = `INSERT INTO inbox (form, fields, words) VALUES ('contact', '${fields}', '${fields}');`;
execFileSync('sqlite3', [join(dirname(process.env.ACTIOND_CONFIG), 'site.db'), put + put]);

const at = (path) => (page) => page.goto(path);

// Sends the page's form as a browser without the script does: the answer is a page from the server.
const sentFrom =
  (path, values = {}) =>
  async (page) => {
    await page.goto(path);
    for (const [field, value] of Object.entries(values)) await page.fill(field, value);
    const loaded = page.waitForEvent('load');
    await page.locator('main form[method=post]').evaluate((form) => form.submit());
    await loaded;
  };

// Sends it with the script: the same page, changed in place.
const scriptedFrom =
  (path, values = {}, sign = '.error-summary') =>
  async (page) => {
    await page.goto(path);
    await unguard(page);
    for (const [field, value] of Object.entries(values)) await page.fill(field, value);
    await press(page);
    await page.locator(sign).waitFor();
  };

const offline = async (page) => {
  await page.goto('/feedback.html');
  await page.fill('#message', 'Typed on a train');
  await page.context().setOffline(true);
  await press(page);
  await page.locator('.form-error').waitFor();
};

const wrongSignUp = { '#name': 'Ada', '#email': 'nowhere', '#password': 'short' };
const wrongFeedback = { '#email': 'nowhere', '#message': ' ' };

const signedOut = {
  start: at('/'),
  feedback: at('/feedback.html'),
  'feedback thanks': at('/feedback-thanks.html'),
  'feedback wrong': sentFrom('/feedback.html', wrongFeedback),
  'feedback wrong, by the script': scriptedFrom('/feedback.html', wrongFeedback),
  'feedback offline': offline,
  'feedback from a worker': at('/actions/feedback'),
  'sign-in': at('/sign-in.html'),
  'sign-in with a way back': at('/sign-in.html?next=/actions/profile'),
  'sign-in wrong': sentFrom('/sign-in.html?next=/actions/profile', {
    '#email': 'a@b.example',
    '#password': 'x',
  }),
  'sign-in from a worker': at('/actions/sign-in'),
  'sign-up': at('/sign-up.html'),
  'sign-up wrong': sentFrom('/sign-up.html', wrongSignUp),
  'sign-up wrong, by the script': scriptedFrom('/sign-up.html', wrongSignUp),
  'forgot password': at('/forgot-password.html'),
  'reset password': at('/reset-password.html'),
  'reset password by a link that ended': at('/actions/reset-password?token=x'),
  'sign in by mail': at('/sign-in-by-mail.html'),
  'sign in by the digits of a mail': at('/mailed-sign-in.html'),
  'premium, unfilled': at('/premium.html'),
  upgrade: at('/upgrade.html'),
  'page not found': at('/no-such-page'),
  catalogue: at('/actions/'),
  'no such action': at('/actions/no-such'),
  'wrong method': at('/actions/sign-out'),
  malformed: sentFrom('/malformed.html'),
};
const signedIn = {
  'start, signed in': at('/'),
  profile: at('/actions/profile'),
  'profile wrong': sentFrom('/actions/profile', { '#name': ' ', '#website': 'x' }),
  sessions: at('/actions/sessions'),
  reports: at('/actions/reports?q=x'),
  'no such report': at('/actions/report?id=99'),
  'not permitted': at('/actions/feedback-list'),
  'change password': at('/actions/change-password'),
  'change password wrong': sentFrom('/actions/change-password', {
    '#present': 'not the one',
    '#password': 'short',
  }),
  'change address': at('/actions/change-email'),
  'confirm address by a link that ended': at('/actions/verify-email?token=x'),
  'delete account': at('/actions/delete-account'),
  tokens: at('/actions/tokens'),
  inbox: at('/actions/inbox'),
  'inbox with nothing found': at('/actions/inbox?state=trash'),
  plans: at('/actions/upgrade'),
  billing: at('/actions/billing'),
  'a way to Stripe that is none': at('/actions/to-stripe?id=x'),
  'message of the inbox': at('/actions/inbox-message?id=1'),
  'upgrade, signed in': at('/upgrade.html'),
  premium: at('/actions/premium'),
  'premium wrong': sentFrom('/actions/premium', { '#topic': ' ', '#pages': '21' }),
  'premium with a result': sentFrom('/actions/premium', { '#topic': 'Engines' }),
  'premium with a result, by the script': scriptedFrom(
    '/actions/premium',
    { '#topic': 'Engines' },
    'output:not(:empty)',
  ),
};

const looks = ['light', 'dark'].flatMap((colorScheme) =>
  [390, 1280].map((width) => ({ colorScheme, viewport: { width, height: 844 } })),
);

async function faultsFoundByAxe(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
}

async function look(page, name) {
  const found = [];
  for (const { colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    const where = `${colorScheme}, ${viewport.width} wide`;
    found.push(...(await faultsFoundByAxe(page)).map((fault) => `${where}: ${fault}`));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > viewport.width) found.push(`${where}: scrolls sideways, ${width} wide`);
    const file = `${name.replace(/[^a-z]+/g, '-')}-${viewport.width}-${colorScheme}.png`;
    if (shots) await page.screenshot({ path: `${shots}/${file}`, fullPage: true });
  }
  assert.deepEqual(found, []);
}

// What cannot be read as a form: a page of the test's own posts it.
const malformed = `<!DOCTYPE html><html lang="en"><head><title>Malformed</title></head><body><main>
  <form method="post" action="/actions/feedback">
  <input name="message" value="a"><input name="message" value="b"></form></main></body></html>`;

async function open(isMember) {
  const page = await visitor();
  await page.route(site + '/malformed.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: malformed }),
  );
  if (isMember) {
    const email = await signUp(page);
    actiond('grant', email);
    actiond('permit', email, 'owner');
  }
  return page;
}

for (const [states, isMember] of [
  [signedOut, false],
  [signedIn, true],
])
  for (const [name, reach] of Object.entries(states))
    test(`axe finds nothing on: ${name}`, async () => {
      const page = await open(isMember);
      await reach(page);
      await page.waitForLoadState('networkidle');
      await look(page, name);
    });

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Files of this very site need no hash to be trusted.
    'require-sri': ['error', { target: 'crossorigin' }],
    // Checkboxes of one name are a list.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
  },
});

for (const [states, isMember] of [
  [signedOut, false],
  [signedIn, true],
])
  for (const [name, reach] of Object.entries(states))
    if (!/script|offline/.test(name))
      test(`html-validate finds nothing on: ${name}`, async () => {
        const page = await open(isMember);
        let answer;
        page.on('response', (response) => {
          const isRedirect = response.status() >= 300 && response.status() < 400;
          if (response.request().isNavigationRequest() && !isRedirect) answer = response.text();
        });
        await reach(page);
        const report = await validator.validateString(await answer, name);
        const found = report.results.flatMap(({ messages }) =>
          messages.map(({ line, ruleId, message }) => `line ${line}: ${ruleId}: ${message}`),
        );
        assert.deepEqual(found, []);
      });
