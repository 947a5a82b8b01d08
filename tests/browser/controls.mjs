// usage: node controls.mjs CONTROL_VALUES
// Every control that a form can be declared for, in Chromium and in C++: what the browser holds valid by
// the page's own attributes and sends, a form with the same rules takes. CONTROL_VALUES is
// tests/forms/control_values.cpp.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const texts = [
  '', ' ', 'a', 'Ada', '  Ada  ', 'a b', 'ä', 'ß', '日本語', '😀', '😀😀', '👩‍👩‍👧', 'é', 'e\u0301', '\u00a0', '\u200b',
  '\u3000', '\u3000a', '\t', 'a\tb', '<b>', '"', "'", '&amp;', '%41', '+', '\\', '{once}', '0', '-1', 'null', 'a'.repeat(5),
  'a'.repeat(19), 'a'.repeat(20), 'ä'.repeat(20), '日'.repeat(20), '\u202eabc', '\ufeff', '\u00ad', '$', 'a;b', 'a,b',
  '10:30', '2027-01-31', '#ff0000', 'on', 'off', 'true', '\u2028', 'x\u2029y', 'I don’t', '½', 'Ⅷ', 'ﬁ', '１２',
];
const areas = ['', '\n', 'one\ntwo', 'one\r\ntwo', 'one\rtwo', '\n\nx', 'x\n', 'a\n'.repeat(9), '\n'.repeat(20), 'a\tb\n', '日\n日', '  \n'];
const locals = ['a', 'a.b', 'a+b', '.a', 'a.', 'a..b', "o'neil", '!#$%&*/=?^_`{|}~-', 'A1', 'a'.repeat(64), 'ä'];
const domains = ['a', 'example.com', 'EXAMPLE.com', 'a-b.c', '1.2', 'localhost', 'a.b.c.d.e', 'x'.repeat(63), `${'x'.repeat(63)}.com`, 'münchen.example', 'xn--mnchen-3ya.example'];
const emails = ['', ' a@b ', 'a@b@c', '@b', 'a@', 'a@-b', 'a@b-', 'a@.b', 'a@b.', 'a b@c', ...locals.flatMap((local) => domains.map((domain) => `${local}@${domain}`))];
const urls = [
  '', 'http://a', 'https://a', 'https://example.com/', 'HTTP://EXAMPLE.COM', ' https://a.b ', 'https://a.b/c?d=e#f', 'https://a:8080',
  'https://a:8080/x', 'https://a.b/%20', 'https://a.b/~x/(y)', 'https://a.b/a b', 'https://münchen.example/', 'https://a.b/ä?ö=ü',
  'https://xn--mnchen-3ya.example/', 'https://1.2.3.4/', 'https://[::1]/', 'https://[2001:db8::1]:8080/x', 'https://user@a.b/',
  'https://user:pw@a.b/', 'https://a.b?x', 'https://a.b#x', 'https://a.b./', 'https://a_b.c/', 'https://a.b/[x]', 'https://a.b/|x',
  "https://a.b/'x'", 'https://a.b/"x"', 'https://a.b/{x}', 'https://a.b/x^y', 'https://a.b/`', 'https://a.b/\\x', 'https:a.b', 'https:/a.b',
  'ftp://a.b/', 'mailto:a@b', 'javascript:alert(1)', 'data:,x', 'a.b', '//a.b', 'https://', 'https://a:0/', 'https://a:65536/', 'https://😀.example/',
];
const numbers = [
  '', '0', '1', '5', '20', '21', '-1', '-0', '5.0', '5.00', '5.5', '.5', '5.', '1e1', '1E1', '10e-1', '1e400', '0x10', '05', '+5', ' 5', '5 ', '1,000',
  '1 000', '٣', '１', 'NaN', 'Infinity', '9007199254740993', '1e2', '0.00001', '20.0', '2e1', '200e-1', '0e5', '-0.0',
];
const dates = [
  '', '2027-01-31', '2024-02-29', '2000-02-29', '2023-02-29', '1900-02-29', '0000-01-01', '0001-01-01', '1582-10-10', '9999-12-31', '10000-01-01',
  '275760-09-13', '+2027-01-31', '-0001-01-01', '2027-1-31', '2027-01-32', '2027-13-01', ' 2027-01-31', '２０２７-01-31', '31.01.2027', 'x',
];
const options = ['', 'one', 'two', 'with space', ' padded ', 'ä', '"', '<b>', '😀', 'a\tb'];

// Each: the page's attributes, the same rules in C++, and what is typed.
const controls = [
  ...[{}, { required: true }, { min: 2 }, { max: 20 }, { required: true, min: 3, max: 20 }].flatMap((rules) => [
    { html: `<input ${attributes(rules)}>`, kind: 'text', rules, values: texts },
    { html: `<input type=search ${attributes(rules)}>`, kind: 'text', rules, values: texts },
    { html: `<input type=tel ${attributes(rules)}>`, kind: 'text', rules, values: texts },
    { html: `<textarea ${attributes(rules)}></textarea>`, kind: 'text', rules, values: [...texts, ...areas] },
    { html: `<input type=email ${attributes({ ...rules, min: 0, max: 254 })}>`, kind: 'text', rules: { ...rules, min: 0, max: 254, format: 'email' }, values: emails },
    { html: `<input type=url ${attributes({ ...rules, min: 0, max: 200 })}>`, kind: 'text', rules: { ...rules, min: 0, max: 200, format: 'url' }, values: urls },
  ]),
  ...[{ min: 1, max: 20 }, { required: true, min: 1, max: 20 }, { min: -5 }, { min: 0 }].map((rules) => ({
    html: `<input type=number ${rules.required ? 'required' : ''} min="${rules.min}" ${rules.max ? `max="${rules.max}"` : ''}>`,
    kind: 'number', rules, values: numbers,
  })),
  { html: '<input type=number step=any min=0>', kind: 'number', rules: { min: 0 }, values: [...numbers, '1e19'] },
  { html: '<input type=range min=1 max=20>', kind: 'number', rules: { required: true, min: 1, max: 20 }, values: numbers },
  ...['', 'value="yes"', 'value="1"', 'value="ä"', 'value="0x"'].flatMap((value) =>
    [false, true].map((required) => ({ html: `<input type=checkbox ${value} ${required ? 'required' : ''}>`, kind: 'checkbox', rules: { required }, values: [false, true] }))),
  ...[false, true].flatMap((required) => [
    { html: `<select ${required ? 'required' : ''}>${optionTags()}</select>`, kind: 'text', rules: { required, one_of: options.filter(Boolean) }, values: options },
    { html: options.filter(Boolean).map((one) => `<input type=radio ${required ? 'required' : ''} value="${escaped(one)}">`).join(''), kind: 'text', rules: { required, one_of: options.filter(Boolean) }, values: ['no choice', ...options.filter(Boolean)] },
    { html: `<select multiple ${required ? 'required' : ''}>${optionTags()}</select>`, kind: 'list', rules: { required, one_of: options }, values: [[], ['one'], ['one', 'two'], options] },
  ]),
  ...[false, true].map((required) => ({ html: `<input type=date ${required ? 'required' : ''}>`, kind: 'date', rules: { required }, values: dates })),
  ...['date', 'time', 'month', 'week', 'datetime-local', 'color'].map((type) => ({
    html: `<input type=${type}>`, kind: 'text', rules: {}, values: ['', '2027-01-31', '10:30', '10:30:01.5', '2027-01', '2027-W05', '2027-01-31T10:30', '#00ff00', 'x'],
  })),
];

function attributes({ required, min, max }) {
  return `${required ? 'required' : ''} ${min ? `minlength=${min}` : ''} ${max ? `maxlength=${max}` : ''}`;
}
function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}
function optionTags() {
  return options.map((one) => `<option value="${escaped(one)}">x</option>`).join('');
}

// In the page.
function show(html) {
  document.body.innerHTML = `<form>${html}</form>`;
  const { elements } = document.querySelector('form');
  for (const one of elements) one.name = 'x';
  elements[0].focus();
}
// As a visitor would; whether something is left to type.
function choose(value) {
  const { elements } = document.querySelector('form');
  const [control] = elements;
  if (control.type === 'checkbox') control.checked = value;
  else if (control.type === 'radio') for (const one of elements) one.checked = one.value === value;
  else if (control.multiple && control.options) for (const one of control.options) one.selected = value.includes(one.value);
  else if (control.options || /^(range|date|time|month|week|datetime-local|color)$/.test(control.type)) control.value = value;
  else return true;
  return false;
}
function judge() {
  const form = document.querySelector('form');
  return { isValid: form.checkValidity(), sent: new FormData(form).getAll('x') };
}

// What the form in C++ is stricter about, on purpose.
const stricter = [
  ['an address that is no web address', (one) => one.rules.format === 'url' && !/^https?:\/\/[^/]/i.test(one.sent[0])],
  ['a URL with a name and password in it', (one) => one.rules.format === 'url' && /^[^/]*\/\/[^/?#]*@/.test(one.sent[0])],
  ['a URL whose host is no name', (one) => one.rules.format === 'url' && /^https?:\/\/(\[|[^/]*_|[^/]*\.[/?#]|[^/]*\.$|[^/]*:0\/)/i.test(one.sent[0])],
  ['a URL with characters that RFC 3986 forbids', (one) => one.rules.format === 'url' && /[ "<>\\^`{|}]/.test(one.sent[0])],
  ['required text that nobody can see', (one) => one.rules.required && one.kind === 'text' && /^[\p{White_Space}\p{Default_Ignorable_Code_Point}]*$/u.test(one.sent[0] ?? '')],
  // A browser counts UTF-16 units.
  ['a minimum of code points', (one) => one.rules.min && one.kind === 'text' && [...one.sent[0]].length < one.rules.min],
  ['a number that is not whole', (one) => one.kind === 'number' && !Number.isInteger(Number(one.sent[0]))],
  ['a date behind the year 9999', (one) => one.kind === 'date' && /^\d{5,6}-/.test(one.sent[0])],
  ['a number beyond 64 bits', (one) => one.kind === 'number' && Math.abs(Number(one.sent[0])) >= 2 ** 63],
];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await page.setContent('<!DOCTYPE html><body>');
const cases = [];
for (const control of controls)
  for (const value of control.values) {
    await page.evaluate(show, control.html);
    // A length counts only for what was typed.
    if (await page.evaluate(choose, value)) await page.keyboard.insertText(value);
    const { isValid, sent } = await page.evaluate(judge);
    if (isValid) cases.push({ ...control, values: sent, sent });
  }
await browser.close();

const folder = mkdtempSync(join(tmpdir(), 'controls-'));
const file = join(folder, 'cases.json');
writeFileSync(file, JSON.stringify(cases.map(({ kind, rules, values }) => ({ kind, rules, values }))));
const verdicts = JSON.parse(execFileSync(process.argv[2], [file], { encoding: 'utf8', maxBuffer: 1e8 }));
rmSync(folder, { recursive: true });

assert.ok(cases.length > 500, `${cases.length} values are valid`);
const used = new Set();
const refused = cases.filter((one, at) => {
  if (verdicts[at] === null) return false;
  const reason = stricter.find(([, holds]) => holds(one));
  if (reason) used.add(reason[0]);
  return !reason;
});
for (const one of refused)
  console.log(`refused: ${one.html.slice(0, 80)} sends ${JSON.stringify(one.sent)}: ${verdicts[cases.indexOf(one)]}`);
console.log(`${cases.length} values held valid, ${refused.length} refused, ${used.size} reasons to be stricter`);
assert.equal(refused.length, 0);
assert.deepEqual(stricter.map(([reason]) => reason).filter((reason) => !used.has(reason)), [], 'reasons that no value needs');
