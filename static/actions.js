// Makes the forms of a page smoother. A form that posts to /actions/NAME works without this script;
// with it, the page stays while the answer is on its way, and what was typed stays too.
//
// A page needs nothing but the script. It may add
//   data-pending="Sending…"      on a submit button: its text while the answer is awaited
//   data-error-for="FIELD"       on an element: where the message about that field goes
//   <output name="NAME">         for a value of the answer
//   data-user="name | email"     filled with who is signed in
//   data-show="signed-in | signed-out | paid | unpaid | PERMISSION"
//   data-words data-heading="…"  on any element, such as the script's own: what the script says, in the
//                                page's language; `words` below has the names
//
// A page that wants more listens on the form (the events bubble) or calls an action itself:
//   action:pending   sent; detail: { name, data }, data being the FormData
//   action:done      detail: the result. The page moves on, or its outputs are filled
//   action:invalid   detail: the result. The messages go to their fields
//   action:failed    detail: the result. On to sign-in or upgrade, or the form says what failed; one
//                    that somebody filled in stays where it is, with a link to sign in
// After the last three, preventDefault() stops what would follow.
//
//   import { call } from '/actions.js';
//   const result = await call('feedback', { message: 'Hello' });
//   result: { ok, data, location, errors, status, detail }; status 0: no answer
//
// A list that shows an entry before the server has it; tests/browser/demo/optimistic.html is all of it:
//   form.addEventListener('action:pending', (event) => {
//     entry = document.createElement('li');
//     entry.textContent = event.detail.data.get('message');
//     list.append(entry);
//   });
//   form.addEventListener('action:done', (event) => { event.preventDefault(); form.reset(); });
//   for (const refused of ['action:invalid', 'action:failed'])
//     form.addEventListener(refused, () => entry.remove());

const prefix = '/actions/';
const patience = 30_000; // milliseconds for an answer; nginx gives up as early
const longestWait = 10; // seconds that a busy server may ask for between two tries
const tries = 3;

// As in conf/messages/en.toml; `actiond check` compares a page in another language with the file of that.
const words = {
  heading: 'There is a problem',
  titleStart: 'Error: ',
  unreachable: 'The server could not be reached. Nothing you typed is lost; try again.',
  offline: 'You seem to be offline. Nothing you typed is lost; try again when you are back.',
  signedOut: 'You are not signed in any more. Nothing you typed is lost: sign in, then send it again.',
  signInLink: 'Sign in (in a new tab)',
  unreadable: 'The answer could not be read. Try again.',
  request: '(Request {id})',
  ...document.querySelector('[data-words]')?.dataset,
};
const [language] = document.documentElement.lang.match(/^[a-z0-9-]+$/i) ?? ['en'];

// Runs an action. Never throws. `data`: FormData, URLSearchParams or an object; there a list sends
// its name several times, and null, undefined and false send nothing, as an empty checkbox does.
//
// `once` is the key under which the server does it once, however often it arrives. A call is a new
// submission unless it comes under the key of an earlier one. '' sends none: no second try then.
export async function call(name, data = {}, { once = freshKey() } = {}) {
  const pairs = Symbol.iterator in data ? [...data] : pairsOf(data);
  const hasFile = pairs.some(([, value]) => value instanceof Blob);
  const keyed = pairs.some(([field, value]) => field === '_once' && value);
  const headers = once && !keyed ? { 'Idempotency-Key': once } : {};
  return send(prefix + name, encoded(pairs, hasFile), headers, Boolean(once) || keyed);
}

function pairsOf(object) {
  return Object.entries(object)
    .flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
    .filter(([, value]) => value != null && value !== false);
}

// In the form of nginx's $request_id, which keys the static pages. Not crypto.randomUUID: a page
// over plain http does not have it.
function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function encoded(pairs, multipart) {
  const body = multipart ? new FormData() : new URLSearchParams();
  // Not multipart, a browser sends the name of a file and not what is in it.
  for (const [name, value] of pairs) body.append(name, multipart ? value : (value.name ?? value));
  return body;
}

async function send(url, body, headers, mayRepeat) {
  for (let left = tries - 1; ; --left) {
    const { result, wait } = await attempt(url, body, headers);
    // Without a key, a request whose answer was lost may have acted.
    if (!mayRepeat || !left || wait === undefined) return result;
    await new Promise((resume) => setTimeout(resume, wait));
  }
}

// The result and, where another try makes sense, the milliseconds to wait before it.
async function attempt(url, body, headers) {
  let response;
  let answer = {};
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, Accept: 'application/json', 'Accept-Language': language },
      credentials: 'same-origin',
      // An upload may take as long as it takes.
      signal: body instanceof FormData ? null : AbortSignal.timeout(patience),
    });
    answer = (await response.json()) ?? {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      const result = resultOf(0, { detail: navigator.onLine ? words.unreachable : words.offline });
      // Offline, the visitor knows when to try again; and after `patience`, has waited enough.
      return { result, wait: navigator.onLine && error.name === 'TypeError' ? 1000 : undefined };
    }
  }
  const seconds = response.headers.get('Retry-After');
  const isBrief = response.status === 503 && seconds && Number(seconds) <= longestWait;
  return { result: resultOf(response.status, answer), wait: isBrief ? seconds * 1000 : undefined };
}

function resultOf(status, { ok, data, location, errors, detail = words.unreadable, requestId }) {
  // Our fault: with the id, somebody can find out.
  const request = status === 500 && requestId ? ' ' + words.request.replace('{id}', requestId) : '';
  return {
    ok: ok === true,
    data,
    location,
    errors: errors ?? {},
    status,
    detail: ok ? '' : detail + request,
  };
}

const pending = new Map(); // form -> what makes it usable again

document.addEventListener('submit', (event) => {
  const { target: form, submitter: button } = event;
  // Of the button, else of the form. By attribute: a field named "action" hides the property.
  const setting = (name) => button?.getAttribute('form' + name) ?? form.getAttribute(name) ?? '';
  const url = actionUrl(setting('action'));
  const target = setting('target');
  if (event.defaultPrevented || !url) return;
  if (setting('method').toLowerCase() !== 'post' || (target && target !== '_self')) return;
  event.preventDefault();
  if (!pending.has(form)) submit(form, button, url, setting('enctype').toLowerCase());
});

// The address of an action as the browser resolves it; nothing when it is none of this site.
function actionUrl(address) {
  try {
    const url = new URL(address, document.baseURI);
    return url.origin === location.origin && url.pathname.startsWith(prefix) ? url : undefined;
  } catch {
    return undefined;
  }
}

async function submit(form, button, url, enctype) {
  const name = url.pathname.slice(prefix.length);
  const data = new FormData(form, button); // a button that is disabled would send no value
  const focused = document.activeElement;
  begin(form, button);
  tell(form, 'pending', { name, data });
  const body = encoded([...data], enctype === 'multipart/form-data');
  const result = await send(url.pathname + url.search, body, {}, Boolean(data.get('_once')));

  clearMessages(form);
  const outcome = result.ok ? 'done' : result.status === 422 ? 'invalid' : 'failed';
  const goOn = tell(form, outcome, result);
  const next = goOn && wayOn(form, result);
  // While the next page loads the form stays busy: a click there would be a second submission.
  if (next) return follow(next);

  if (result.ok) renewKey(form);
  pending.get(form)?.();
  if (!goOn) return;
  if (result.ok) showData(result.data ?? {});
  else if (outcome === 'invalid') showErrors(form, result, focused);
  else if (result.status === 401) showSignedOut(form);
  else showFailure(form, result.detail);
}

function tell(form, what, detail) {
  const options = { bubbles: true, cancelable: what !== 'pending', detail };
  return form.dispatchEvent(new CustomEvent('action:' + what, options));
}

function wayOn(form, { location: to, status }) {
  // What was typed while the session ended must not be lost to the sign-in.
  if (status === 401 && hadUser && fieldsOf(form).length) return undefined;
  if (status === 401)
    return '/sign-in.html?next=' + encodeURIComponent(location.pathname + location.search);
  return status === 402 ? '/upgrade.html' : to;
}

function follow(to) {
  const [page, fragment] = new URL(to, location).href.split('#');
  const isHere = page === location.href.split('#')[0];
  location.assign(to);
  // To another place of the same page, a browser only scrolls; what was stored would not show.
  if (isHere && fragment !== undefined) location.reload();
}

function begin(form, button) {
  const hadFocus = button && document.activeElement === button;
  const isInput = button?.localName === 'input';
  const label = button && (isInput ? button.value : [...button.childNodes]);
  const setLabel = (to) => (isInput ? (button.value = to) : button.replaceChildren(...[to].flat()));
  const text = button?.dataset.pending;

  form.setAttribute('aria-busy', 'true');
  if (button) button.disabled = true;
  if (text) setLabel(text);

  pending.set(form, () => {
    pending.delete(form);
    form.removeAttribute('aria-busy');
    if (!button) return;
    button.disabled = false;
    if (text) setLabel(label);
    // A disabled button loses the focus.
    if (hadFocus && hasNoFocus()) button.focus();
  });
}

// A page that comes back out of the browser's memory must be usable. Done on the way out, not in:
// Firefox remembers a disabled button even where it keeps nothing else of the page.
addEventListener('pagehide', () => pending.forEach((release) => release()));

const hasNoFocus = () => !document.activeElement || document.activeElement === document.body;

// What was sent is done; what this page sends from now on is something new.
function renewKey(form) {
  for (const control of form.elements) if (control.name === '_once') control.value = freshKey();
}

function showData(data) {
  for (const output of document.querySelectorAll('output'))
    if (Object.hasOwn(data, output.name)) output.textContent = data[output.name];
}

// Messages, in the markup that src/page/errors.cpp writes: a page that came back from a worker goes on
// here, and looks the same as without the script.

function fieldsOf(form) {
  const skipped = ['hidden', 'submit', 'image', 'reset', 'button'];
  return [...form.elements].filter(
    (one) => one.matches('input, select, textarea') && one.name && !skipped.includes(one.type),
  );
}

// The form's own, before those that stand in no form.
function placesOf(form) {
  return [...document.querySelectorAll('[data-error-for]')]
    .filter((place) => [form, null].includes(place.closest('form')))
    .sort((a, b) => form.contains(b) - form.contains(a));
}

const idsIn = (control) =>
  (control.getAttribute('aria-describedby') ?? '').split(/\s+/).filter(Boolean);

function describe(control, ids) {
  if (ids.length) control.setAttribute('aria-describedby', ids.join(' '));
  else control.removeAttribute('aria-describedby');
}

function clearMessages(form) {
  if (document.title.startsWith(words.titleStart))
    document.title = document.title.slice(words.titleStart.length);
  form.querySelectorAll('.error-summary').forEach((summary) => summary.remove());
  form.querySelectorAll('.form-error').forEach((place) => place.replaceChildren());
  placesOf(form).forEach((place) => place.replaceChildren());
  const gone = new Set(placesOf(form).map((place) => place.id));
  for (const control of fieldsOf(form)) {
    if (!control.hasAttribute('aria-invalid')) continue;
    control.removeAttribute('aria-invalid');
    for (const id of idsIn(control)) {
      const message = document.getElementById(id);
      if (!message?.matches('.field-error')) continue;
      message.remove();
      gone.add(id);
    }
    describe(
      control,
      idsIn(control).filter((id) => !gone.has(id)),
    );
  }
}

function showErrors(form, { errors, detail }, focused) {
  const fields = fieldsOf(form);
  const places = placesOf(form);
  const list = element('ul');
  let first;
  // In the order of the page; what belongs to no field comes last.
  for (const name of new Set([...fields.map((field) => field.name), ...Object.keys(errors)])) {
    if (!Object.hasOwn(errors, name)) continue;
    const wrong = fields.filter((field) => field.name === name);
    const message = errors[name];
    const place = places.find((one) => one.dataset.errorFor === name) ?? placeBehind(wrong.at(-1));
    if (place) {
      place.textContent = message;
      place.hidden = false;
      giveId(place, name + '-error');
      reveal(place);
    }
    for (const control of wrong) {
      control.setAttribute('aria-invalid', 'true');
      if (place) describe(control, [...new Set([...idsIn(control), place.id])]);
      reveal(control);
    }
    if (wrong.length) giveId(wrong[0], name);
    first ??= wrong[0];
    const isGroup = wrong.length > 1 && /^(radio|checkbox)$/.test(wrong[0].type);
    const label = isGroup ? '' : labelOf(wrong[0]);
    const text = label ? `${label}: ${message}` : message;
    const entry = wrong.length ? element('a', { href: '#' + wrong[0].id }, text) : message;
    list.append(element('li', {}, entry));
  }
  if (!list.hasChildNodes()) return showFailure(form, detail);
  const summary = element('div', { class: 'error-summary', role: 'alert', tabindex: '-1' });
  giveId(summary, 'error-summary');
  summary.append(element('h2', {}, words.heading), list);
  form.prepend(summary);
  document.title = words.titleStart + document.title;

  // To the first mistake, except for who is at one or has gone on to type elsewhere meanwhile.
  const now = document.activeElement;
  const isAtOne = fields.includes(now) && Object.hasOwn(errors, now.name);
  if (!isAtOne && (now === focused || hasNoFocus())) (first ?? summary).focus();
}

// Without the text of a control inside it, and without what is in brackets at its end: "(optional)".
function labelOf(control) {
  const label = control?.labels?.[0]?.cloneNode(true);
  label?.querySelectorAll('select, textarea, script').forEach((inner) => inner.remove());
  const text = label?.textContent.replace(/\s+/g, ' ').trim();
  return text?.replace(/^(.*) \(.*\)$/, '$1');
}

function placeBehind(control) {
  if (!control) return undefined;
  const message = element('span', { class: 'field-error' });
  (control.closest('label') ?? labelBehind(control) ?? control).after(message);
  return message;
}

// As toggles and floating labels have it.
function labelBehind(control) {
  const follows = (label) =>
    control.compareDocumentPosition(label) & Node.DOCUMENT_POSITION_FOLLOWING &&
    label.closest('form') === control.closest('form');
  return [...(control.labels ?? [])].find(follows);
}

// Opens what hides it.
function reveal(node) {
  for (let around = node.parentElement; around; around = around.parentElement) {
    if (around.hidden && !around.dataset.show) around.hidden = false;
    if (!around.matches('details:not([open]), dialog:not([open])')) continue;
    around.setAttribute('open', '');
    around.removeAttribute('name'); // of those that share one, a browser opens one alone
  }
}

function showFailure(form, detail) {
  let place = form.querySelector('.form-error');
  if (!place) form.append((place = element('p', { class: 'form-error', role: 'alert' })));
  place.textContent = detail;
  return place;
}

function showSignedOut(form) {
  const link = { href: '/sign-in.html', target: '_blank' };
  showFailure(form, words.signedOut).append(' ', element('a', link, words.signInLink));
}

// Its own; else `wish`, without what has a meaning in a list of ids, with a number when taken.
function giveId(node, wish) {
  if (node.id) return;
  const plain = wish.replace(/[^\w-]/g, '-').replace(/^(?![a-z])/i, 'field-');
  let id = plain;
  for (let count = 2; document.getElementById(id); ++count) id = `${plain}-${count}`;
  node.id = id;
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

// Whether somebody was signed in when the page was shown: under /actions/ every page is, that needs it.
let hadUser = location.pathname.startsWith(prefix);
const written = new Map(); // element with data-user -> what its author wrote into it

// The viewer, as src/page/page.h describes it.
async function showViewer() {
  // What a worker answered is filled already, and all of it stands under /actions/.
  if (location.pathname.startsWith(prefix)) return;
  if (!document.querySelector('[data-user], [data-show]')) return;
  let user;
  try {
    const response = await fetch(prefix + 'me', { headers: { Accept: 'application/json' } });
    ({ user } = await response.json());
  } catch {
    return; // the page stays as its author wrote it
  }
  if (user === undefined) return;
  hadUser ||= Boolean(user);
  const may = (name) => Boolean(user?.permissions.includes(name));
  const shown = { 'signed-in': user, 'signed-out': !user, unpaid: !may('paid') };
  for (const node of document.querySelectorAll('[data-show]')) {
    const state = node.dataset.show.trim();
    node.hidden = !(Object.hasOwn(shown, state) ? shown[state] : may(state));
  }
  if (!user) return;
  for (const node of document.querySelectorAll('[data-user=name], [data-user=email]')) {
    written.set(node, node.textContent);
    node.textContent = user[node.dataset.user];
  }
}

showViewer();
// Back from the browser's memory, it may be somebody else, or nobody.
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  written.forEach((text, node) => (node.textContent = text));
  showViewer();
});
