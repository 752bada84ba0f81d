// What a program does with sessions while its timers are fake, step by step, and what comes of each step, as JSON has it. Everything
// waits for the library alone: a step that hangs, hangs.
import type * as Library from '../../src/index'

/** Replaces the timers; the result puts the real ones back. */
export type FakeTimers = () => () => void

const TIMEOUT_SECONDS = 0.2

export async function lifeUnderFakeTimers(
  { Session }: Pick<typeof Library, 'Session'>,
  address: string,
  fakeTimers: FakeTimers,
): Promise<Readonly<Record<string, unknown>>> {
  const session = await Session.create({ address })
  const map = await session.getMap<string, number>('used')
  const restore = fakeTimers()
  const during = {
    set: (await map.set('k', 1)) ?? null,
    get: await map.get('k'),
    'many at once': await Promise.all(Array.from({ length: 50 }, () => map.get('k'))),
    setAll: (await map.setAll([['l', 2]])) ?? null,
    getAll: [...(await map.getAll(['k', 'l']))],
    stream: await map.entries().toArray(),
    'time-out of a get': await outcome(map.get('never', { timeoutSeconds: TIMEOUT_SECONDS })),
    'time-outs of writes in order': await Promise.all([
      outcome(map.set('never', 1, { timeoutSeconds: TIMEOUT_SECONDS })),
      outcome(map.set('never', 2, { timeoutSeconds: TIMEOUT_SECONDS })),
    ]),
    ping: typeof (await session.ping()),
    listener: await heard(await session.getMap('listened')),
    events: await firstEvent(await session.getMap('streamed')),
    'lost connection': (await map.get('cut')) ?? null,
    'after it': await map.get('k'),
    'another session': await shortLife(Session, address),
  }
  restore()
  const after = await map.get('k')
  await session.close()
  return { ...during, 'when timers are real again': after }
}

/** What comes of a life whose fake timers are in nobody's way. */
export const LIVED = {
  set: null,
  get: 1,
  'many at once': Array<number>(50).fill(1),
  setAll: null,
  getAll: [
    ['k', 1],
    ['l', 2],
  ],
  stream: [
    ['k', 1],
    ['l', 2],
  ],
  'time-out of a get': 'ERR_COHERENCE_TIMEOUT unknown',
  'time-outs of writes in order': ['ERR_COHERENCE_TIMEOUT unknown', 'ERR_COHERENCE_TIMEOUT not-sent'],
  ping: 'number',
  listener: 'insert of k',
  events: 'insert of k',
  'lost connection': null,
  'after it': 1,
  'another session': true,
  'when timers are real again': 1,
}

type Session = Library.Session
type Watched = Library.NamedMap<string, number>

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    return `answered with ${String(await call)}`
  } catch (error) {
    const { code, outcome: fate } = error as { code?: string; outcome?: string }
    return `${code ?? String(error)} ${fate ?? ''}`
  }
}

async function heard(map: Watched): Promise<string> {
  let tell: (text: string) => void
  const told = new Promise<string>((resolve) => (tell = resolve))
  const subscription = await map.listen((event) => tell(textOf(event)))
  await map.set('k', 1)
  const text = await told
  await subscription.close()
  return text
}

async function firstEvent(map: Watched): Promise<string> {
  const events = map.events()
  await events.ready
  const next = events[Symbol.asyncIterator]().next()
  await map.set('k', 1)
  const event = (await next) as IteratorYieldResult<Library.MapEvent<string, number>>
  await events.close()
  return textOf(event.value)
}

function textOf({ type, key }: Pick<Library.MapEvent<string, number>, 'type' | 'key'>): string {
  return `${type} of ${key}`
}

async function shortLife(Sessions: typeof Library.Session, address: string): Promise<boolean> {
  const session: Session = await Sessions.create({ address })
  const map = await session.getMap<string, number>('used')
  await map.size()
  await session.close()
  return session.closed
}
