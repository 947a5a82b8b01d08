// Signed events, judged by us and by the packages of those who sign them: what they sign, we take, and
// what we take, they do.  Prints "N events, N taken by us, N by the peer" a scheme; argument: the program signed_events.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { Paddle } from '@paddle/paddle-node-sdk';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

const stripe = new Stripe('sk_test_x');
const paddle = new Paddle('x').webhooks;
const now = Math.floor(Date.now() / 1000);
// The packages ask the clock: however slow this machine is, no event grows older meanwhile.
globalThis.Date = class extends Date {
  constructor(...moment) {
    super(...(moment.length > 0 ? moment : [now * 1000]));
  }
  static now() {
    return now * 1000;
  }
};
const body = JSON.stringify({ id: 'evt_1', type: 'x', text: 'Ünïcödé \u2028 "q" \\ 1e400' });
const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const byPaddle = (at, text = body) =>
  `ts=${at};h1=` + createHmac('sha256', 'secret').update(`${at}:${text}`).digest('hex');
const byStandard = (at, text = body, id = 'msg_1') =>
  new Webhook(standardSecret).sign(id, new Date(at * 1000), text);
const byStripe = (at, text = body) =>
  stripe.webhooks.generateTestHeaderString({ payload: text, secret: 'whsec_a', timestamp: at });

const accepts = async (judge) => {
  try {
    return (await judge()) !== false;
  } catch {
    return false;
  }
};

const schemes = {
  stripe: {
    secret: 'whsec_a',
    headers: (signature) => ({ 'stripe-signature': signature }),
    sign: byStripe,
    peer: ({ headers, body }) => stripe.webhooks.constructEvent(body, headers['stripe-signature'], 'whsec_a'),
  },
  paddle: {
    secret: 'secret',
    headers: (signature) => ({ 'paddle-signature': signature }),
    sign: byPaddle,
    peer: ({ headers, body }) => paddle.isSignatureValid(body, 'secret', headers['paddle-signature']),
  },
  standard: {
    secret: standardSecret,
    headers: (signature, at = now) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': signature,
    }),
    sign: byStandard,
    peer: ({ headers, body }) => new Webhook(standardSecret).verify(body, headers),
  },
};

// The header as it was signed, and changed in ways that a network, a proxy or an attacker would.
function* changed(signature) {
  yield signature;
  for (let at = 0; at < signature.length; ++at) {
    for (const other of ['0', 'f', 'A', '=', ',', ';', ' ', '.', '-'])
      if (signature[at] !== other) yield signature.slice(0, at) + other + signature.slice(at + 1);
    yield signature.slice(0, at);
    yield signature.slice(0, at) + signature.slice(at + 1);
  }
  for (const more of [',', ';', ' ', ',v1=00', ' v1,AAAA', ';h1=00', ',t=1', ';ts=1', ',v0=x', ' v2,x'])
    yield* [signature + more, more + signature];
  yield* [signature + signature, `${signature},${signature}`, `${signature};${signature}`, `${signature} ${signature}`];
  yield* [signature.toUpperCase(), signature.toLowerCase()];
}

// Paddle's package takes nothing that is older than five seconds, and of several signatures, as Paddle sends
// while a secret is rolled, the last alone.
const isStricter = (scheme, { 'paddle-signature': signature }) =>
  scheme === 'paddle' && (signature.startsWith(`ts=${now - 299}`) || signature.split('h1=').length > 2);

for (const [scheme, { secret, headers, sign, peer }] of Object.entries(schemes)) {
  const events = [];
  const add = (signature, text = body, at = now) =>
    events.push({ scheme, secret, headers: headers(signature, at), body: text, now });
  const right = sign(now);
  for (const signature of changed(right)) add(signature);
  for (const text of ['', '{}', ' ' + body, body + '\n', body.replace('evt_1', 'evt_2')]) add(right, text);
  for (const text of ['{}', '[1,2]', '"x"', JSON.stringify({ text: 'x'.repeat(200_000) })]) add(sign(now, text), text);
  for (const by of [-299, -301, -3600, 299, 301, 3600]) add(sign(now + by), body, now + by);

  const { stdout, status } = spawnSync(process.argv[2], { input: JSON.stringify(events), maxBuffer: 1e8 });
  assert.equal(status, 0);
  const ours = JSON.parse(stdout);
  let theirs = 0;
  for (const [number, event] of events.entries()) {
    const accepted = await accepts(() => peer(event));
    theirs += accepted;
    if (ours[number] && !isStricter(scheme, event.headers))
      assert.ok(accepted, `the peer refuses ${JSON.stringify(event.headers)}`);
  }
  assert.ok(ours[0], `what ${scheme} signs is taken`);
  const taken = ours.filter(Boolean).length;
  assert.ok(taken >= 6 && taken < events.length / 10, `${taken} of ${events.length}`);
  console.log(`${scheme}: ${events.length} events, ${taken} taken by us, ${theirs} by the peer`);
}
