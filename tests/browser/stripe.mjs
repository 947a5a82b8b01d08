// What the courier posts for the sessions of checkout and portal is what npm's stripe posts for the same call: the
// same bytes, and the same headers as far as they say anything.  Prints "N passed, 0 failed".
import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { newEmail, openStripe, password, sell, site, tell, withCourier } from './shop.mjs';

const stripe = await openStripe((number) => `https://checkout.stripe.com/c/pay/cs_test_${number}`);
sell(
  [
    { name: 'team', prices: ['price_1'] },
    { name: 'book', prices: ['price_2'], days: 365 },
  ],
  stripe,
);
const peer = new Stripe('rk_test_1', {
  protocol: 'http',
  host: '127.0.0.1',
  port: stripe.port,
  maxNetworkRetries: 0,
  telemetry: false,
});

const email = newEmail();
let cookie = '';
async function post(action, fields) {
  const answer = await fetch(`${site}/actions/${action}`, {
    method: 'POST',
    headers: { Accept: 'application/json', Origin: site, Cookie: cookie },
    body: new URLSearchParams(fields),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  cookie = (answer.headers.get('Set-Cookie') ?? cookie).split(';')[0];
  return (await answer.json()).location;
}

// The key of the session to which a press leads, and what the courier posted for it.
async function press(action, fields = {}) {
  const key = (await post(action, fields)).replace('/actions/to-stripe?id=', '');
  const posted = () => stripe.posts.find(({ headers }) => headers['idempotency-key'] === key);
  while (!posted()) await new Promise((later) => setTimeout(later, 20));
  return { key, ours: posted() };
}

const said = ['authorization', 'content-length', 'content-type', 'idempotency-key', 'stripe-version'];
function assertSame(ours, theirs) {
  assert.deepEqual([...new URLSearchParams(ours.body)], [...new URLSearchParams(theirs.body)]);
  assert.equal(ours.body, theirs.body);
  assert.equal(ours.path, theirs.path);
  for (const name of said) assert.equal(ours.headers[name], theirs.headers[name], name);
}

const back = { success_url: `${site}/actions/upgrade?paid=1`, cancel_url: `${site}/actions/upgrade` };
let passed = 0;
async function compareCheckout(plan, mode, price, customer) {
  const { key, ours } = await press('upgrade', { plan });
  const form = new URLSearchParams(ours.body);
  const [reference, end] = [form.get('client_reference_id'), Number(form.get('expires_at'))];
  assert.match(reference, /^\d+-[\w-]{20,}$/);
  // Stripe takes what lies from half an hour to a day ahead.
  const ahead = end - Date.now() / 1000;
  assert.ok(ahead > 1800 && ahead < 86400, `${ahead} s`);
  await peer.checkout.sessions.create(
    {
      mode,
      line_items: [{ price, quantity: 1 }],
      client_reference_id: reference,
      ...customer,
      metadata: { actiond_plan: plan },
      ...back,
      expires_at: end,
    },
    { idempotencyKey: key },
  );
  assertSame(ours, stripe.posts.at(-1));
  ++passed;
  return reference;
}

await post('sign-up', { name: 'Ada & Söhne', email, password });
await withCourier(async () => {
  const reference = await compareCheckout('team', 'subscription', 'price_1', { customer_email: email });
  await compareCheckout('book', 'payment', 'price_2', { customer_email: email });
  const paid = { id: 'cs_1', client_reference_id: reference, customer: 'cus_1', subscription: 'sub_1' };
  await tell('checkout.session.completed', { ...paid, payment_status: 'paid', metadata: { actiond_plan: 'team' } });
  await compareCheckout('book', 'payment', 'price_2', { customer: 'cus_1' });

  const { key, ours } = await press('portal');
  const portal = { customer: 'cus_1', return_url: `${site}/actions/billing` };
  await peer.billingPortal.sessions.create(portal, { idempotencyKey: key });
  assertSame(ours, stripe.posts.at(-1));
  ++passed;
});
stripe.close();
console.log(`${passed} passed, 0 failed`);
