// The package as it is installed: `import` and `require` give the same things under the same names, and nothing else;
// classes keep theirs; what few processes need is not read at the start.
import { deepStrictEqual, strictEqual } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as imported from 'coherence-ts'

const required = createRequire(import.meta.url)('coherence-ts')
strictEqual(imported.Session, required.Session)
deepStrictEqual(Object.keys(imported).sort(), Object.keys(required).sort())
for (const [name, value] of Object.entries(imported)) {
  strictEqual(value, required[name], name)
  if (typeof value === 'function') strictEqual(value.name, name)
}

// What few processes need is read when it is needed, and not before.
const parts = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => /many-entries|json-writer/.test(path))
const unreachable = await required.Session.create({ address: '127.0.0.1:1' }).catch(({ code }) => code)
strictEqual(unreachable, 'ERR_COHERENCE_CONNECTION')
deepStrictEqual(parts(), [])
// A map without all that it needs cannot be read, but its part is there.
try {
  new required.NamedMap({}).keys()
} catch (error) {
  strictEqual(error instanceof TypeError, true)
}
strictEqual(parts().length, 1)

// Variables have short names, but not those that name a class without one in stack traces.
const folder = dirname(createRequire(import.meta.url).resolve('coherence-ts'))
for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
  const code = readFileSync(join(folder, file), 'utf8')
  deepStrictEqual(code.match(/\b[a-z]\w?=class(?:\{|\s+extends\b)/g) ?? [], [], file)
}
console.log('same')
