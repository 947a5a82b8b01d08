// usage: node controls.mjs CONTROL_VALUES
// Every control that a form can be declared for, in Chromium and in C++: what the browser holds valid by
// the page's own attributes and sends, a form with the same rules takes. A form that is made of the page
// takes that too, and refuses what the browser refuses. CONTROL_VALUES is tests/forms/control_values.cpp.

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
  'https://-a.b', 'https://a-.b/', 'https://a:/', 'http://1.2.3.4.5', 'http://256.1.1.1', 'http://08.1', 'http://a.1', 'http://0x7f.1', 'http://1.2', 'http://1.2.3.4./',
  'http://4294967296', 'http://a.0x1', 'http://0xg', 'http://\u00ad', 'http://xn--a', 'ftp://a.b/', 'mailto:a@b', 'javascript:alert(1)', 'data:,x', 'a.b', '//a.b', 'https://', 'https://a:0/', 'https://a:65536/', 'https://😀.example/',
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

// Of forms that are made of the page alone.
const patterns = [
  'a', 'a|b', '[a-z]+', '[A-Za-z]{2,}', '\\d+', '\\d{2}:\\d{2}', '\\w*', '\\s*', '\\S+', '.*', '.{3}', '[^a]*', '(a+)+', '(?:ab)*', '(?<x>a)b?', '\\p{L}+',
  '\\p{Lu}.*', '\\P{L}*', '\\p{Script=Greek}', '\\u00e4', '\\u{1F600}', '\\x41da', '[\\s]*', '[\\-a]', '[\\u0000-\\u00ff]*', '^Ada$', '\\bAda\\b', '', '[a-z]{1,5}?', '\\/',
  '[\\w\\-.]+@?.*', 'a{2,5}', '😀+', '[😀ä]', '$', '\\$', '[$]', 'a;b', '\\cA*', '[\\ca]*',
  '[a-z\\-.]*', '\\ud83d\\ude00*', '[\\ud83d\\ude00-\\ud83d\\ude02]*', 'a{05}', '\\P{C}+', '[ -~]*', '[+\\--9]*', '(?:)*a?',
];
// Errors in JavaScript: a browser ignores them.
const ignored = [
  '[A-Za-z0-9-_]+', '[\\w-.]+', '[\\w.-]+', '[a-z-9]+', '[ä-ö-z]', '[-a]', '[a-\\d]', '^*a', '\\b?a', 'a$+', '\\B{2}', 'a**', 'a+??', 'a{2}{3}', '*', 'a|+',
  '\\p{Yi}', '\\p{^L}', '\\p{sc=Lu}', '\\p{sc=Any}', '(?<1>a)', '[a&&&b]', '[(]', '\\-', 'x{', 'x}', '(a', '[z-a]', 'a{2,1}',
];
const steps = [
  ['number', ['step=0.5 min=0', 'step=0.1', 'step=3 min=1', 'step=any', 'step=4 value=2', 'min=-1.5', 'step=x', 'step=0', 'step=-1', 'step=1e2', 'min=x max=y', 'min=5 max=1', 'max=20 required'],
    [...numbers, '0.5', '0.1', '0.3', '0.7', '1.1', '4', '6', '7', '10', '100', '-1.5', '-0.5', '123456789.1', '1e15', '0.15']],
  ['range', ['', 'min=1 max=9 step=2', 'step=any', 'min=10 max=1', 'min=0.5', 'step=7', 'required'], ['', '0', '3', '4.5', '8', '50', '99', '100', '1000', '-1']],
  ['date', ['min=2027-01-01 max=2027-12-31', 'step=7', 'min=2027-01-04 step=7', 'min=x', 'step=any', 'required', 'value=2027-01-02 step=2'],
    [...dates, '2027-01-01', '2027-12-31', '2028-01-01', '2027-01-11', '2027-01-12', '1970-01-01', '1970-01-08', '1969-12-25']],
  ['month', ['', 'min=2027-01 max=2027-06', 'step=3', 'min=2027-02 step=3', 'step=any', 'required'], ['', '2027-01', '2027-02', '2027-05', '2027-07', '1970-01', '1969-10', '0001-01', '9999-12', '2027-13', '2027-1', 'x']],
  ['week', ['', 'min=2027-W05', 'step=2', 'min=2020-W53 max=2021-W02', 'required'], ['', '2027-W05', '2027-W06', '2027-W04', '2020-W53', '2021-W53', '2021-W01', '2021-W03', '1970-W01', '1970-W02', '1969-W52', '2027-W00', 'x']],
  ['time', ['', 'min=09:00 max=17:00', 'step=900', 'step=1', 'step=0.001', 'min=22:00 max=06:00', 'min=00:05 step=600', 'step=any', 'required'],
    ['', '00:00', '05:59', '06:00', '06:01', '08:59', '09:00', '09:07', '09:15', '12:00:00', '12:00:01', '12:00:00.5', '12:00:00.001', '17:00', '17:01', '21:59', '22:00', '23:59:59.999', '24:00', '9:00', 'x']],
  ['datetime-local', ['', 'min=2027-01-01T09:00 max=2027-01-02T17:00', 'step=1', 'step=3600', 'min=2027-01-01T00:30 step=3600', 'required'],
    ['', '2027-01-01T09:00', '2027-01-01T08:59', '2027-01-02T17:00', '2027-01-02T17:01', '2027-01-01T10:30', '2027-01-01T10:30:01', '2027-01-01 11:00', '2027-02-29T00:00', '1969-12-31T23:00', 'x']],
  ['color', ['', 'required', 'value="#ff0000"'], ['', '#00FF00', '#00ff00', 'red', '#0f0', 'x']],
];
const pageControls = [
  ...ignored.map((pattern) => ({ html: `<input pattern="${escaped(pattern)}">`, values: texts, pattern })),
  ...patterns.flatMap((pattern) => ['text', 'search', 'tel', 'password'].slice(0, 3).map((type) => ({ html: `<input type=${type} pattern="${escaped(pattern)}">`, values: [...texts, 'aa', 'ab', 'abab', 'Adam', 'α', 'Ω', '12:34', '007', 'a/b', '/', 'x@y'] }))),
  ...['[^@]+@example\\.com', '.+'].flatMap((pattern) => ['', 'multiple'].map((multiple) => ({ html: `<input type=email ${multiple} pattern="${pattern}">`, values: [...emails, 'a@example.com,b@example.com', 'a@example.com, b@b'] }))),
  ...['', 'required', 'maxlength=12', 'required minlength=5'].map((more) => ({
    html: `<input type=email multiple ${more}>`, values: ['', 'a@b', 'a@b,c@d', ' a@b , c@d ', 'a@b,', ',a@b', ',', 'a@b,,c@d', 'a@b c@d', 'a@b;c@d', 'a@b,c', 'a@b,c@d,e@f,g@h', 'a@b,\t c@d'],
  })),
  ...['https://.*', '.*/x'].map((pattern) => ({ html: `<input type=url pattern="${pattern}">`, values: urls })),
  ...steps.flatMap(([type, all, values]) => all.map((more) => ({ html: `<input type=${type} ${more}>`, values }))),
  ...['', 'value=""', 'value="0"', 'value="off"'].flatMap((value) => ['', 'required'].map((required) => ({ html: `<input type=checkbox ${value} ${required}>`, values: [false, true] }))),
  { html: '<select required><option value="">Choose</option><option>One</option><optgroup disabled><option>Two</option></optgroup></select>', values: ['', 'One'] },
  { html: '<select><option>  One   more </option><option label=x>Two</option></select>', values: ['One more', 'Two'] },
  { html: '<select multiple required><option value="">None</option><option>One</option></select>', values: [[''], ['One'], []] },
  { html: '<input type=hidden value="a b" required pattern=x>', values: ['a b'] },
  { html: '<input value="a b" readonly required pattern=x>', values: ['a b'] },
  { html: '<textarea readonly required minlength=9>a\nb</textarea>', values: ['x'] },
  ...['text', 'email', 'url'].flatMap((type) => ['minlength=5 maxlength=3', 'minlength=2000', 'maxlength=0'].map((more) => ({ html: `<input type=${type} ${more}>`, values: ['', 'a'] }))),
  { html: '<textarea minlength=5 maxlength=3></textarea>', values: [''] },
  { html: '<input list=l><datalist id=l><select required><option value="">Other</option><option>Cat</option></select><input required></datalist>', values: ['', 'Dog'] },
  ...['', 'value=""', 'value="Send"', 'required'].map((more) => ({ html: `<input type=submit ${more}>`, values: [''] })),
  { html: '<button></button><noscript><input required></noscript>', values: [''] },
  ...['wrap=hard maxlength=100', 'wrap=hard required minlength=3 maxlength=45', 'wrap=hard minlength=0', 'wrap=Physical maxlength=60', 'wrap=on maxlength=60'].map((more) => ({
    html: `<textarea cols=20 ${more}></textarea>`, values: ['', 'a', 'word '.repeat(20), 'a'.repeat(100), 'a b\n'.repeat(25), '日'.repeat(45)],
  })),
  // Nothing is typed: null.
  ...['minlength=5 value=abc', 'maxlength=2 value=abcd', 'type=search required maxlength=2 value="abcd"', 'type=email maxlength=2 value=" a@b "', 'type=email minlength=5 value=abc',
    'type=email multiple maxlength=4 value="a@b, c@d"', 'type=url minlength=20 value="http://a "', 'minlength=5 value=abc pattern=x'].map((more) => ({ html: `<input ${more}>`, values: [null, 'x'] })),
  ...['minlength=5>abc', 'wrap=hard cols=3 maxlength=2>abc def\nghi', 'maxlength=2>\na\nbc', 'maxlength=2>\n\na&lt;&quot;b'].map((more) => ({ html: `<textarea ${more}</textarea>`, values: [null, 'x'] })),
  { html: '<input type=nothing required minlength=3>', values: texts },
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
  const isBad = [...form.elements].some((one) => one.validity.badInput);
  const button = form.querySelector('input[type=submit]');
  return { isValid: form.checkValidity(), isBad, sent: new FormData(form, button).getAll('x') };
}

// What the form in C++ is stricter about, on purpose.
const stricter = [
  ['an address that is no web address', (one) => one.rules.format === 'url' && !/^https?:\/\/[^/]/i.test(one.sent[0])],
  ['a URL with a name and password in it', (one) => one.rules.format === 'url' && /^[^/]*\/\/[^/?#]*@/.test(one.sent[0])],
  ['a URL whose host is an IPv6 address', (one) => one.rules.format === 'url' && /^https?:\/\/\[/i.test(one.sent[0])],
  ['a URL with characters that RFC 3986 forbids', (one) => one.rules.format === 'url' && /[ "<>\\^`{|}]/.test(one.sent[0])],
  ['required text that nobody can see', (one) => one.rules.required && one.kind === 'text' && /^[\p{White_Space}\p{Default_Ignorable_Code_Point}]*$/u.test(one.sent[0] ?? '')],
  // A browser counts UTF-16 units.
  ['a minimum of code points', (one) => one.rules.min && one.kind === 'text' && [...one.sent[0]].length < one.rules.min],
  ['a number that is not whole', (one) => one.kind === 'number' && !Number.isInteger(Number(one.sent[0]))],
  ['a date behind the year 9999', (one) => one.kind === 'date' && /^\d{5,6}-/.test(one.sent[0])],
  ['a number beyond 64 bits', (one) => one.kind === 'number' && Math.abs(Number(one.sent[0])) >= 2 ** 63],
];

// What a form made of the page is stricter about, on purpose.
const stricterPages = [
  ['a pattern that browsers ignore', (one) => one.pattern && one.verdict.startsWith('no form: The pattern')],
  ['an address that is no web address', (one) => /type=url/.test(one.html) && !/^https?:\/\/[^/]/i.test(one.sent[0])],
  ['a URL with a name and password in it', (one) => /type=url/.test(one.html) && /^[^/]*\/\/[^/?#]*@/.test(one.sent[0])],
  ['a URL whose host is an IPv6 address', (one) => /type=url/.test(one.html) && /^https?:\/\/\[/i.test(one.sent[0])],
  ['a URL with characters that RFC 3986 forbids', (one) => /type=url/.test(one.html) && /[ "<>\\^`{|}]/.test(one.sent[0])],
  ['required text that nobody can see', (one) => /required/.test(one.html) && /^<(input|textarea)/.test(one.html) && /^[\p{White_Space}\p{Default_Ignorable_Code_Point}]*$/u.test(one.sent[0] ?? '')],
  ['a required choice of nothing', (one) => /multiple required/.test(one.html) && one.sent.every((value) => value === '')],
  ['a number so large that a double has no steps of tenths there', (one) => /step=0\.1/.test(one.html) && Number(one.sent[0]) > 1e8],
  ['a date behind the year 9999', (one) => /type=date/.test(one.html) && /^\d{5,6}-/.test(one.sent[0])],
];
const looserPages = [];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await page.setContent('<!DOCTYPE html><body>');
await page.addScriptTag({ content: `${show}\n${choose}\n${judge}` });
const cases = [];
// Of what is no number the browser knows more than it sends.
function addCaseOfPage({ html, pattern }, { isValid, isBad, sent }) {
  const named = html.replace(/<(input|select|textarea)\b/g, '<$1 name=x');
  if (!isBad) cases.push({ html, pattern, page: `<form method=post>${named}</form>`, values: sent, sent, isValid });
}
// In the page. Without a length in it a control need not be typed into.
function judgeEach({ html, values }) {
  return values.map((value) => {
    show(html);
    const [control] = document.querySelector('form').elements;
    if (choose(value) && !control.readOnly && !/^(hidden|submit)$/.test(control.type)) control.value = value;
    return judge();
  });
}
for (const control of pageControls.filter(({ html }) => !/m..length/.test(html)))
  for (const judged of await page.evaluate(judgeEach, control)) addCaseOfPage(control, judged);
for (const control of [...controls, ...pageControls.filter(({ html }) => /m..length/.test(html))])
  for (const value of control.values) {
    await page.evaluate(show, control.html);
    // A length counts only for what was typed.
    if (value !== null && (await page.evaluate(choose, value))) await page.keyboard.insertText(value);
    const judged = await page.evaluate(judge);
    if (judged.isValid && control.kind) cases.push({ ...control, values: judged.sent, sent: judged.sent });
    addCaseOfPage(control, judged);
  }
await browser.close();

const folder = mkdtempSync(join(tmpdir(), 'controls-'));
const file = join(folder, 'cases.json');
writeFileSync(file, JSON.stringify(cases.map(({ kind, rules, page, values }) => ({ kind, rules, page, values }))));
const verdicts = JSON.parse(execFileSync(process.argv[2], [file], { encoding: 'utf8', maxBuffer: 1e8 }));
rmSync(folder, { recursive: true });
cases.forEach((one, at) => { one.verdict = verdicts[at]; });

// Those that are judged otherwise for none of the reasons; each reason is needed.
function compare(what, judged, reasons) {
  const used = new Set();
  const wrong = judged.filter((one) => {
    const reason = reasons.find(([, holds]) => holds(one));
    if (reason) used.add(reason[0]);
    return !reason;
  });
  for (const one of wrong) console.log(`${what}: ${one.html.slice(0, 80)} sends ${JSON.stringify(one.sent)}: ${one.verdict}`);
  assert.equal(wrong.length, 0, `${what}: ${wrong.length}`);
  assert.deepEqual(reasons.map(([reason]) => reason).filter((reason) => !used.has(reason)), [], 'reasons that no value needs');
}

const inCode = cases.filter((one) => one.kind);
const ofPages = cases.filter((one) => one.page);
assert.ok(inCode.length > 500, `${inCode.length} values are valid`);
assert.ok(ofPages.length > 4000, `${ofPages.length} values for forms made of pages`);
assert.deepEqual(ofPages.filter((one) => one.pattern && !one.isValid).map((one) => one.pattern), [], 'patterns that Chromium does not ignore');
compare('refused', inCode.filter((one) => one.verdict !== null), stricter);
compare('refused by the page', ofPages.filter((one) => one.isValid && one.verdict !== null), stricterPages);
compare('taken by the page', ofPages.filter((one) => !one.isValid && one.verdict === null), looserPages);
console.log(`${inCode.length} values held valid and taken; ${ofPages.length} judged by the form of their page, ${ofPages.filter((one) => !one.isValid).length} of them wrong`);
