// Reads the pages that tests/page/page_roundtrip.cpp wrote with parse5, a parser that shares nothing
// with ours, and checks that a form sends again what it was filled with, and that a filled page is the
// same tree but for what was filled in.
//
//   node page_roundtrip.mjs FOLDER     (NODE_PATH or a node_modules with parse5)

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, serialize } from 'parse5';

const folder = process.argv[2];
const attribute = (node, name) => node.attrs?.find((a) => a.name === name)?.value;
const isHtml = (node) => node.namespaceURI === 'http://www.w3.org/1999/xhtml';
const lineFeeds = (text) => text.replace(/\r\n?/g, '\n');

// Elements in tree order; what is in a template does not count.
function* elements(node) {
  if (node.tagName) yield node;
  for (const child of node.childNodes ?? []) yield* elements(child);
}

function text(node) {
  if (node.nodeName === '#text') return node.value;
  if (node.tagName === 'script') return '';
  return (node.childNodes ?? []).map(text).join('');
}

const kindOf = (node) => {
  if (node.tagName !== 'input') return node.tagName;
  const type = (attribute(node, 'type') ?? '').toLowerCase();
  const special = ['hidden', 'password', 'file', 'checkbox', 'radio', 'submit', 'image', 'reset', 'button'];
  return special.includes(type) ? type : 'text';
};

// The form that a parser gives a control: the one open where its tag stands.
function ownerOf(control, all) {
  const named = attribute(control, 'form');
  if (named !== undefined) {
    const owner = all.find((node) => attribute(node, 'id') === named);
    return named !== '' && owner?.tagName === 'form' ? owner : undefined;
  }
  const at = control.sourceCodeLocation.startOffset;
  return all.filter((node) => node.tagName === 'form' && isHtml(node)).findLast((form) => {
    const { startOffset, endTag } = form.sourceCodeLocation;
    return startOffset < at && !(endTag && endTag.startOffset < at);
  });
}

const isDisabled = (node) => {
  if (attribute(node, 'disabled') !== undefined) return true;
  for (let child = node, up = node.parentNode; up; child = up, up = up.parentNode) {
    if (up.tagName !== 'fieldset' || attribute(up, 'disabled') === undefined) continue;
    if (child !== up.childNodes.find((one) => one.tagName === 'legend')) return true;
  }
  return false;
};

// What each control of the action's forms shows, in tree order.
function controlsOf(html) {
  const all = [...elements(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false }))];
  const posts = (url) => /^\/actions\/x([?#]|$)/.test((url ?? '').trim());
  const controls = [];
  const forms = new Set();
  for (const node of all) {
    if (!isHtml(node) || !['input', 'select', 'textarea', 'button'].includes(node.tagName)) continue;
    const form = ownerOf(node, all);
    if (!form) continue;
    const name = attribute(node, 'name') ?? '';
    const kind = kindOf(node);
    if (posts(attribute(form, 'action')) || posts(attribute(node, 'formaction'))) forms.add(form);
    if (name === '' || name === '_once') continue;
    const options = [...elements(node)].filter((one) => one.tagName === 'option').map((option) => ({
      value: attribute(option, 'value') ?? text(option).replace(/[\t\n\f\r ]+/g, ' ').trim(),
      isOn: attribute(option, 'selected') !== undefined,
    }));
    const value = node.tagName === 'textarea' ? text(node) : attribute(node, 'value');
    controls.push({ node, form, name, kind, options, value, isDisabled: isDisabled(node),
                    isMany: attribute(node, 'multiple') !== undefined,
                    isOn: attribute(node, 'checked') !== undefined });
  }
  return { controls: controls.filter(({ form }) => forms.has(form)), forms: forms.size };
}

// What is wrong with how `after` shows the values, or nothing.
function faultOf(before, after, sent, n) {
  const values = sent.filter(([name]) => name === after.name).map(([, value]) => lineFeeds(value));
  const should = (what, expected) =>
    what === expected ? undefined : `${after.name}: ${JSON.stringify(what)}, not ${JSON.stringify(expected)}`;
  const kept = () => should(after.value, before.value);
  if (['password', 'file', 'submit', 'image', 'reset', 'button'].includes(after.kind)) return kept();
  if (after.kind === 'checkbox' || after.kind === 'radio') {
    const isSent = values.includes(after.value ?? 'on');
    return should(after.isOn, after.isDisabled && !isSent ? before.isOn : isSent);
  }
  const isOn = (options) => JSON.stringify(options.map((option) => option.isOn));
  if (after.kind === 'select' && after.isMany)
    return should(isOn(after.options), isOn(after.options.map(({ value }) => ({ isOn: values.includes(value) }))));
  if (values[n] === undefined)
    return after.kind === 'select' ? should(isOn(after.options), isOn(before.options)) : kept();
  if (after.kind !== 'select') return should(after.value, values[n]);
  const chosen = after.options.findIndex(({ value }) => value === values[n]);
  return should(isOn(after.options), isOn(after.options.map((_, at) => ({ isOn: at === chosen }))));
}

function faultsInValues(page, filled, sent) {
  const before = controlsOf(page);
  const after = controlsOf(filled);
  if (before.controls.length !== after.controls.length) return ['other controls'];
  if (after.forms !== 1) return [];
  const seen = {};
  return after.controls.map((control, at) => {
    const counts = !['checkbox', 'radio', 'submit', 'image', 'reset', 'button'].includes(control.kind) &&
      !(control.kind === 'select' && control.isMany);
    const n = seen[control.name] ?? 0;
    if (counts) seen[control.name] = n + 1;
    return faultOf(before.controls[at], control, sent, n);
  }).filter(Boolean);
}

// The tree without all that may be filled in.  With scripts, what is in a noscript is text.
function bare(html, scriptingEnabled) {
  const document = parse(html, { scriptingEnabled });
  const ours = ['field-error', 'error-summary'];
  const filledIn = ['value', 'checked', 'selected', 'aria-invalid', 'aria-describedby', 'id', 'autofocus', 'hidden'];
  for (const node of [...elements(document)]) {
    node.attrs = node.attrs.filter(({ name }) => !filledIn.includes(name));
    const isPlace = (scriptingEnabled && node.tagName === 'noscript') || ['textarea', 'output', 'title'].includes(node.tagName) ||
      attribute(node, 'data-user') !== undefined || attribute(node, 'data-error-for') !== undefined;
    node.childNodes = isPlace ? [] : node.childNodes.filter((child) => !ours.includes(attribute(child, 'class') ?? ''));
  }
  return serialize(document);
}

let passed = 0;
let failed = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const { title, sent, isSent } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const page = readFileSync(join(folder, file.replace('.json', '.html')), 'utf8');
  const filled = readFileSync(join(folder, file.replace('.json', '.filled.html')), 'utf8');
  const faults = isSent ? faultsInValues(page, filled, sent) : [];
  for (const scripting of [true, false])
    if (bare(page, scripting) !== bare(filled, scripting)) faults.push('the tree is another');
  if (faults.length === 0) passed += 1;
  else failed += 1;
  for (const fault of faults) console.log(`${file} ${title}: ${fault}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
