// `import` and `require` within one process, or one bundle, give the same things under the same names, and nothing else.
import { deepStrictEqual, ok } from 'node:assert'
import * as imported from 'coherence-ts'
import required from '../cjs/required.cjs'

/** What Node.js and bundlers add to a module of the other kind. */
const ADDED = ['default', 'module.exports', '__esModule']
const namesOf = (module) =>
  Object.keys(module)
    .filter((name) => !ADDED.includes(name))
    .sort()

deepStrictEqual(namesOf(imported), namesOf(required))
for (const name of namesOf(imported)) ok(imported[name] === required[name], `${name} is there twice`)
