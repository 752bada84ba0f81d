// A session that does nothing but listen: its connection stays, and still delivers events after that.
import { setTimeout as pause } from 'node:timers/promises'
import { Session } from 'coherence-ts'
import { startCoherence } from '../support/coherence-server'
import { eventually } from '../support/eventually'

/** How long an event may take. */
const SECONDS_TO_HEAR = 10

/** Is idle for so many seconds. Returns what was wrong. */
export async function idle(seconds: number, log: (line: string) => void): Promise<readonly string[]> {
  const server = await startCoherence()
  try {
    return await idleOn(server.address, seconds, log)
  } finally {
    await server.stop()
  }
}

async function idleOn(
  address: string,
  seconds: number,
  log: (line: string) => void,
): Promise<readonly string[]> {
  await using session = await Session.create({ address })
  const wrong: string[] = []
  // A server that asks to leave a connection shows as well: the session takes another one.
  session.on('disconnected', ({ reason }) => wrong.push(`the connection was lost: ${String(reason)}`))
  const map = await session.getMap<string, number>('idle')
  const heard: (number | undefined)[] = []
  await map.listen({
    onAny: ({ newValue }) => heard.push(newValue),
    onGap: () => wrong.push('the listener had a gap'),
  })
  await map.set('a', 1)
  log(`idle for ${seconds} s`)
  await pause(seconds * 1_000)
  await using other = await Session.create({ address })
  await (await other.getMap<string, number>('idle')).set('a', 2)
  await eventually(() => heard.length >= 2, SECONDS_TO_HEAR).catch(() => undefined)
  if (heard.join() !== '1,2') wrong.push(`the listener heard ${heard.join()} instead of 1,2`)
  return wrong
}
