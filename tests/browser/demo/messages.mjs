// Messages that the script puts at the fields, and where the focus goes.

import assert from 'node:assert/strict';
import { messageAt } from './flows.mjs';
import { around, between, closedGate, feedback, problem, serve } from './network.mjs';
import { failure, newEmail, press, site, test, unguard, visitor } from './site.mjs';

// What the script shows and what the server sends, without what must differ between the two.
const inOrder = (form) => {
  const bare = form.cloneNode(true);
  const states = ['value', 'autofocus', 'aria-busy'];
  for (const node of [bare, ...bare.querySelectorAll('*')])
    for (const { name, value } of [...node.attributes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      node.removeAttribute(name);
      if (!states.includes(name)) node.setAttribute(name, value);
    }
  for (const area of bare.querySelectorAll('textarea')) area.textContent = '';
  return bare.innerHTML.replace(/\s+/g, ' ');
};

for (const [path, values] of [
  ['/feedback.html', { '#email': 'nowhere', '#message': '  ' }],
  ['/sign-up.html', { '#name': ' ', '#email': 'x', '#password': 'short' }],
  ['/sign-in.html', { '#email': '', '#password': '' }],
])
  test(`the script leaves the same markup as the server, on ${path}`, async () => {
    const page = await visitor();
    const fill = async () => {
      await page.goto(path);
      for (const [field, value] of Object.entries(values)) await page.fill(field, value);
    };
    await fill();
    await unguard(page);
    await press(page);
    await page.locator('#error-summary').waitFor();
    await page.locator('main form[method=post]').evaluate((form) => form.removeAttribute('novalidate'));
    const made = await page.locator('main form[method=post]').evaluate(inOrder);
    await fill();
    await page.locator('main form[method=post]').evaluate((form) => form.submit());
    await page.waitForURL('**/actions/*');
    assert.equal(made, await page.locator('main form[method=post]').evaluate(inOrder));
  });

test('the script takes away the messages that came with the page', async () => {
  const page = await visitor();
  await page.goto('/sign-up.html');
  await page.locator('main form[method=post]').evaluate((form) => form.submit());
  await page.waitForURL('**/actions/sign-up');
  assert.match(await messageAt(page, '#name'), /required/);
  await page.fill('#name', 'Ada');
  await page.fill('#email', newEmail());
  await page.fill('#password', 'password');
  await press(page);
  await page.locator('#name:not([aria-invalid])').waitFor();
  assert.match(await messageAt(page, '#password'), /most common/);
  assert.equal(await page.locator('.error-summary').count(), 1);
  assert.equal(await page.locator('.field-error').count(), 1);
  assert.equal(await page.locator('[data-error-for=email]').innerText(), '');
  assert.equal(await page.getAttribute('#name', 'aria-describedby'), 'name-hint');
  assert.equal(await page.getAttribute('#email', 'aria-describedby'), null);
});

async function wrongFeedback() {
  const page = await visitor();
  await page.goto('/feedback.html');
  await unguard(page);
  await page.fill('#message', ' ');
  return page;
}
const focusedId = (page) => page.evaluate(() => document.activeElement.id);

test('the focus goes to the first mistake', async () => {
  const page = await wrongFeedback();
  await page.fill('#email', 'x');
  await press(page);
  await page.locator('#error-summary').waitFor();
  assert.equal(await focusedId(page), 'email');
});

test('the focus stays with who is at a mistake already, caret and all', async () => {
  const page = await wrongFeedback();
  await page.fill('#email', 'nowhere');
  await page.focus('#email');
  await between(page, feedback, (route) =>
    route.fulfill(problem(422, { errors: { message: 'No.', email: 'No.' } })),
  );
  await page.focus('#message');
  await page.locator('main form[method=post]').evaluate((form) => {
    form.message.setSelectionRange(1, 1);
    form.requestSubmit();
  });
  await page.locator('#error-summary').waitFor();
  assert.equal(await focusedId(page), 'message');
  await page.keyboard.type('a');
  assert.equal(await page.inputValue('#message'), ' a');
});

test('the focus stays with who went on typing elsewhere', async () => {
  const page = await wrongFeedback();
  const gate = closedGate();
  await between(page, feedback, (route) => gate.passing(route));
  await press(page);
  await page.locator('form[aria-busy=true]').waitFor();
  await page.focus('#email');
  await page.keyboard.type('ada@');
  gate.open();
  await page.locator('#error-summary').waitFor();
  await page.keyboard.type('example.com');
  assert.equal(await page.inputValue('#email'), 'ada@example.com');
});

test('messages find every kind of control, and each form its own', async () => {
  const page = await visitor();
  await serve(
    page,
    '/made.html',
    around(`
    <form id="one" method="post" action="/actions/made">
      <input name="email" aria-label="other">
    </form>
    <form id="two" method="post" action="/actions/made">
      <input type="hidden" name="secret" value="1">
      <label><input type="radio" name="colour" value="r"> red</label>
      <label><input type="radio" name="colour" value="g"> green</label>
      <select name="size[]" multiple aria-label="size"><option>S<option>M</select>
      <input name="email" aria-label="mail" aria-describedby="hint"><button>Go</button>
    </form>
    <p id="hint">Hint</p><p data-error-for="email" hidden></p>
    <input name="away" form="two" aria-label="away">`),
  );
  await between(page, '**/actions/made', (route) =>
    route.fulfill(
      problem(422, {
        errors: {
          '': 'Of none.',
          away: 'A',
          colour: 'C',
          email: 'E',
          secret: 'Hidden.',
          'size[]': 'S <b>',
        },
      }),
    ),
  );
  await page.goto('/made.html');
  for (let round = 0; round < 2; ++round) {
    await page.locator('#two button').click();
    await page.locator('#error-summary').waitFor();
    const links = await page
      .locator('.error-summary li')
      .evaluateAll((all) => all.map((li) => li.innerHTML));
    assert.deepEqual(links, [
      '<a href="#colour">C</a>',
      '<a href="#size--">S &lt;b&gt;</a>',
      '<a href="#email">E</a>',
      '<a href="#away">A</a>',
      'Of none.',
      'Hidden.',
    ]);
    assert.equal(await page.getAttribute('#email', 'aria-describedby'), 'hint email-error');
    assert.equal(await page.locator('p[data-error-for=email]').innerText(), 'E');
    assert.equal(await page.locator('[name=colour][aria-describedby=colour-error]').count(), 2);
    assert.equal(await page.locator('label + .field-error').innerText(), 'C');
    assert.equal(await page.locator('#away + .field-error').innerText(), 'A');
    assert.equal(await page.locator('#one [aria-invalid]').count(), 0);
    assert.equal(await page.locator('.field-error').count(), 3);
  }
});

test('the script takes the address of a form as a browser resolves it', async () => {
  for (const action of ['actions/made', './actions/made', `${site}/actions/made`, '\\actions/made']) {
    const page = await visitor();
    await serve(
      page,
      '/made.html',
      around(`<form method="post" action="${action}">
        <details><summary>More</summary>
          <input type="checkbox" name="agree" id="agree"><label for="agree">I agree</label>
        </details><button>Go</button></form>`),
    );
    await between(page, '**/actions/made', (route) =>
      route.fulfill(problem(422, { errors: { agree: 'No.' } })),
    );
    await page.goto('/made.html');
    await page.locator('button').click();
    await page.locator('#error-summary').waitFor();
    assert.equal(await page.locator('details[open] label + .field-error').innerText(), 'No.');
    assert.equal(new URL(page.url()).pathname, '/made.html');
  }
});

const kontakt = `<!DOCTYPE html><html lang="de"><head><title>Kontakt</title>
<script type="module" src="/actions.js" data-words data-heading="Etwas stimmt noch nicht" data-title-start="Fehler: "
  data-offline="Sie scheinen offline zu sein."></script></head><body><main>
<form method="post" action="/actions/feedback"><label>Nachricht (nötig) <textarea name="message"></textarea></label>
<button>Senden</button></form></main></body></html>`;

test('a page in German says in German what the script and the server have to say', async () => {
  const page = await visitor({ context: { locale: 'en-GB' } });
  await serve(page, '/kontakt.html', kontakt);
  await page.goto('/kontakt.html');
  await press(page);
  const summary = page.locator('#error-summary');
  await summary.waitFor();
  assert.equal(await summary.locator('h2').innerText(), 'Etwas stimmt noch nicht');
  assert.equal(await summary.locator('a').innerText(), 'Nachricht: Dieses Feld muss ausgefüllt werden.');
  assert.equal(await page.title(), 'Fehler: Kontakt');

  await page.context().setOffline(true);
  await page.fill('textarea', 'Hallo');
  await press(page);
  assert.equal(await failure(page).innerText(), 'Sie scheinen offline zu sein.');
  assert.equal(await page.title(), 'Kontakt');
  assert.equal(await page.inputValue('textarea'), 'Hallo');
});

test('a page without words of its own says it in English, whatever the browser prefers', async () => {
  const page = await visitor({ context: { locale: 'de-DE' } });
  await page.goto('/feedback.html');
  await unguard(page);
  await press(page);
  await page.locator('#error-summary').waitFor();
  assert.equal(await page.locator('#error-summary h2').innerText(), 'There is a problem');
  assert.match(await messageAt(page, '#message'), /required/);
  assert.match(await page.title(), /^Error: Feedback/);
});
