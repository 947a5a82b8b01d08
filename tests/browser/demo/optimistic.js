// An optimistic list: the entry is there at once, pale until the server has it, and goes away when the
// server refuses it; the form then says why. Without the script the same form sends its visitor on.

import '/actions.js';

const form = document.querySelector('main form');
const list = document.querySelector('#list');
let entry; // one at a time: the form takes no second submission while it waits

form.addEventListener('action:pending', ({ detail: { data } }) => {
  entry = document.createElement('li');
  entry.textContent = data.get('message');
  entry.setAttribute('aria-busy', 'true');
  list.append(entry);
});

form.addEventListener('action:done', (event) => {
  event.preventDefault(); // stay here
  entry.removeAttribute('aria-busy');
  form.reset();
});

for (const refused of ['action:invalid', 'action:failed'])
  form.addEventListener(refused, () => entry.remove());
