// A program that has two copies of the library, as where a package brings its own: errors of the one are known by the
// classes of the other.
import { notStrictEqual, ok } from 'node:assert'
import * as here from 'coherence-ts'
import there from '../other/required.cjs'

notStrictEqual(here.Session, there.Session)
const error = await there.Session.create({ requestTimeoutSeconds: -1 }).catch((reason) => reason)
ok(error instanceof here.InvalidOptionsError, 'an error of another copy is not known by its class')
ok(error instanceof here.CoherenceError, 'an error of another copy is not known to be of this library')
ok(!(error instanceof here.ConnectionError), 'an error of another copy is taken for one of another class')
await import('./program.js')
