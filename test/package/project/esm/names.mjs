// Like both.mjs. Also, classes and functions have the names under which they are exported, which stack traces and
// `console.log` show; and what few processes need is not loaded before one does.
import './same-exports.mjs'
import { ok, strictEqual } from 'node:assert'
import { createRequire } from 'node:module'
import * as library from 'coherence-ts'
import { runMainJob } from '../cjs/main-job.js'

for (const [name, value] of Object.entries(library)) {
  if (typeof value === 'function' && name !== 'module.exports') strictEqual(value.name, name)
}

const { cache } = createRequire(import.meta.url)
const loaded = () => Object.keys(cache).length
const before = loaded()
const nowhere = { address: '127.0.0.1:1', readyTimeoutSeconds: 0 }
const create = (transport) => library.Session.create({ ...nowhere, transport }).catch(({ code }) => code)
strictEqual(await create('http2'), 'ERR_COHERENCE_CONNECTION')
strictEqual(loaded(), before)
strictEqual(await create('grpc-js'), 'ERR_COHERENCE_CONNECTION')
ok(loaded() > before)

void runMainJob()
