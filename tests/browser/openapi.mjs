// The catalogue of a running site as OpenAPI: valid, and about the very actions that the JSON lists.
// Prints "N passed, N failed"; SITE_URL names the site.
import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';

const read = async (path) => (await fetch(process.env.SITE_URL + path)).json();
const openapi = await read('/actions/openapi.json');
const { actions } = await read('/actions/');

const checks = {
  'the catalogue is valid OpenAPI 3.1': async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(openapi));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(openapi.openapi, '3.1.0');
  },
  'a catalogue with a fault in it is refused': async () => {
    const { valid } = await new Validator().validate({ ...structuredClone(openapi), paths: 1 });
    assert.ok(!valid);
  },
  'every action and each of its fields is in it': () => {
    for (const { path, fields } of actions) {
      const { content } = openapi.paths[path].post.requestBody;
      const { properties } = content['multipart/form-data'].schema;
      assert.deepEqual(Object.keys(properties), fields.map((field) => field.name));
    }
    assert.equal(Object.keys(openapi.paths).length, actions.length);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
  } catch (error) {
    failed += 1;
    console.log(`failed: ${name}\n${error.message}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
