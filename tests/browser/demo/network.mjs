// Between a page and the server: what is sent is seen, held, answered otherwise, or lost.

import { site } from './site.mjs';

export const feedback = '**/actions/feedback';
export const premium = '**/actions/premium';

// Collects what is posted to `url`; `answer` gets the route and how many have been sent by now.
export async function between(page, url, answer = (route) => route.continue()) {
  const sent = [];
  await page.route(url, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent.push(route.request());
    await answer(route, sent.length);
  });
  return sent;
}

export const keyOf = (request) => new URLSearchParams(request.postData()).get('_once');

export const problem = (status, rest = {}) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ status, ...rest }),
});

export const busy = {
  ...problem(503, { detail: 'Busy right now; nothing was saved.' }),
  headers: { 'Retry-After': '1' },
};

// Holds what comes until it is opened.
export function closedGate() {
  let open;
  const opened = new Promise((resume) => (open = resume));
  return { open, passing: (route) => opened.then(() => route.continue()) };
}

// A page of a test's own, under the policy that nginx sends with every page.
export async function serve(page, path, body) {
  const shipped = await fetch(site + '/');
  const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': shipped.headers.get('content-security-policy'),
  };
  await page.route(site + path, (route) => route.fulfill({ headers, body }));
}

export const around = (main) => `<!DOCTYPE html><html lang="en"><head><title>Test</title>
<script type="module" src="/actions.js"></script></head><body><main>${main}</main></body></html>`;
