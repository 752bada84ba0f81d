// The other way in which CommonJS imports. Compiled, never run.
import coherence = require('coherence-ts')

export const opened: Promise<coherence.Session> = coherence.Session.create()
export const { address }: coherence.Options = new coherence.Options({ address: 'localhost:1408' })
