// The package as it is installed: `import` and `require` give the same things under the same names, and nothing else;
// classes keep theirs, and the channel that few sessions need is not loaded before one does.
import { deepStrictEqual, strictEqual } from 'node:assert'
import { createRequire } from 'node:module'
import * as imported from 'coherence-ts'

const require = createRequire(import.meta.url)
const required = require('coherence-ts')
const names = Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports')
deepStrictEqual(names.sort(), Object.keys(required).sort())
for (const name of names) {
  strictEqual(imported[name], required[name], name)
  if (typeof required[name] === 'function') strictEqual(required[name].name, name)
}

const loaded = () => Object.keys(require.cache).filter((path) => path.includes('grpc-js-channel')).length
const create = (transport) =>
  required.Session.create({ address: '127.0.0.1:1', transport }).catch(({ code }) => code)
strictEqual(await create('http2'), 'ERR_COHERENCE_CONNECTION')
strictEqual(loaded(), 0)
strictEqual(await create('grpc-js'), 'ERR_COHERENCE_CONNECTION')
strictEqual(loaded(), 1)
console.log('same')
