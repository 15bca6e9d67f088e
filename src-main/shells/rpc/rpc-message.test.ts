import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRpcMessage } from './rpc-message.ts';

test('a request of the client passes as it is', () => {
  const message = { i: '0', p: { u: '/project/summary', b: { json: null } } };
  expect(parseRpcMessage(JSON.stringify(message))).toEqual(message);
  expect(parseRpcMessage('{"i":"0","t":4}')).toEqual({ i: '0', t: 4 });
});

test.each([
  ['an object', { i: '0', p: { u: '/system/info' } }],
  ['no JSON', '{"i":'],
  ['an address elsewhere', '{"i":"0","p":{"u":"http://example.org/"}}'],
  ['a path that climbs', '{"i":"0","p":{"u":"/../system"}}'],
  ['an unknown kind of message', '{"i":"0","t":9,"p":{"u":"/system/info"}}'],
  ['an unknown key', '{"i":"0","p":{"u":"/system/info"},"x":1}'],
  ['a long message', `{"i":"0","p":{"u":"/system/info","b":"${'x'.repeat(1 << 20)}"}}`],
])('%s is dropped', (_, raw) => {
  expect(parseRpcMessage(raw)).toBeUndefined();
});

test('nothing a page sends makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.string(), fc.json()), (raw) => void parseRpcMessage(raw)));
});
