// What goes wrong is told by a class of error with typed fields; code branches on those, never on a message.
import {
  ConnectionError,
  InvalidOptionsError,
  MapInactiveError,
  RequestTimeoutError,
  Session,
} from 'coherence-ts'

function whatToDo(error: unknown): string {
  if (error instanceof InvalidOptionsError)
    return `correct ${error.issues.map(({ option }) => option).join(', ')}`
  if (error instanceof MapInactiveError)
    return `ask the session for ${error.mapName} again, it was ${error.reason}`
  if (error instanceof ConnectionError || error instanceof RequestTimeoutError) {
    return error.outcome === 'not-sent' ? 'try again' : 'look whether it was done, then try again'
  }
  throw error
}

try {
  await Session.create({ requestTimeoutSeconds: -1 })
} catch (error) {
  console.log(whatToDo(error))
}

try {
  await Session.create({ address: 'localhost:1' })
} catch (error) {
  console.log(whatToDo(error))
}

await using session = await Session.create()
const numbers = await session.getMap<string, number>('example-numbers')
await numbers.destroy()
try {
  await numbers.get('one')
} catch (error) {
  console.log(whatToDo(error))
}
