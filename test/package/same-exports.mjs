// `import` and `require` give the same things under the same names, and nothing else; classes keep theirs.
import { deepStrictEqual, strictEqual } from 'node:assert'
import { createRequire } from 'node:module'
import * as imported from 'coherence-ts'

const required = createRequire(import.meta.url)('coherence-ts')
strictEqual(imported.Session, required.Session)
deepStrictEqual(Object.keys(imported).sort(), Object.keys(required).sort())
for (const [name, value] of Object.entries(imported)) {
  strictEqual(value, required[name], name)
  if (typeof value === 'function') strictEqual(value.name, name)
}
console.log('same')
