// The site under test sells plans at a Stripe of this machine: what the tests of that share.
//
//   SITE_URL         where nginx serves the site
//   ACTIOND          the program
//   ACTIOND_CONFIG   its settings, which are changed here

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import Stripe from 'stripe';

const { SITE_URL: site, ACTIOND: program, ACTIOND_CONFIG: settings } = process.env;
const folder = dirname(settings);
export { folder, site };
export const password = 'correct horse battery staple';
export const newEmail = () => `ada-${randomUUID()}@example.com`;

// A Stripe that keeps what it is asked: one session for each Idempotency-Key, at the address that `addressOf` gives
// for its number.
export async function openStripe(addressOf) {
  const made = new Map();
  const posts = [];
  const sessionFor = ({ url, headers }) => {
    const key = headers['idempotency-key'];
    if (!made.has(key)) made.set(key, made.size + 1);
    const object = url.includes('portal') ? 'billing_portal.session' : 'checkout.session';
    return { id: `cs_test_${made.get(key)}`, object, livemode: false, url: addressOf(made.get(key)) };
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.method === 'POST') posts.push({ path: request.url, headers: request.headers, body });
    response.setHeader('Content-Type', 'application/json');
    const list = { object: 'list', data: [], has_more: false };
    response.end(JSON.stringify(request.method === 'POST' ? sessionFor(request) : list));
  });
  await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
  return { posts, port: server.address().port, close: () => server.close() };
}

// From now on the site sells `plans`, tables of its settings.
export function sell(plans, stripe) {
  for (const [name, secret] of Object.entries({ stripe: 'whsec_test', key: 'rk_test_1' }))
    writeFileSync(join(folder, name), secret + '\n', { mode: 0o600 });
  let text = readFileSync(settings, 'utf8');
  const set = (name, value) => {
    assert.match(text, new RegExp(`^${name} = `, 'm'));
    text = text.replace(new RegExp(`^${name} = .*`, 'm'), `${name} = "${value}"`);
  };
  set('secrets', 'stripe');
  set('restricted_key', 'key');
  set('mode', 'test');
  set('api', `http://127.0.0.1:${stripe.port}`);
  writeFileSync(settings, text);
  for (const plan of plans)
    appendFileSync(
      settings,
      '[[stripe.plan]]\n' + Object.entries(plan).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join(''),
    );
  execFileSync(program, ['reload']);
}

// Runs the courier while `steps` do.
export async function withCourier(steps) {
  const courier = spawn(program, ['courier'], { stdio: ['ignore', 'ignore', 'ignore'] });
  const ended = new Promise((end) => courier.on('exit', (code, signal) => end(code ?? signal)));
  try {
    return await steps();
  } finally {
    courier.kill('SIGTERM');
    assert.equal(await ended, 0);
  }
}

// Tells the site what Stripe would.
export async function tell(type, object) {
  const event = { id: `evt_${randomUUID()}`, type, created: Math.floor(Date.now() / 1000), livemode: false };
  const payload = JSON.stringify({ object: 'event', ...event, data: { object } });
  const signature = new Stripe('sk_test_x').webhooks.generateTestHeaderString({ payload, secret: 'whsec_test' });
  const answer = await fetch(site + '/actions/stripe', {
    method: 'POST',
    headers: { 'Stripe-Signature': signature, 'Content-Type': 'application/json' },
    body: payload,
  });
  assert.equal(answer.status, 200);
}
