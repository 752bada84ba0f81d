// The entries that a listener is told of first, or after a gap: those that are there.
import { now } from '../async/real-time'
import { ConnectionError } from '../errors'
import { pause } from '../protocol/abort'
import { backoffMillis } from '../protocol/backoff'
import type { EntryBytes, StreamCall } from '../protocol/port'
import type { Listening } from './listen-options'
import type { MapContext } from './map-context'
import { byBytes, Priming } from './priming'

const NOTHING = new Uint8Array()
/** A stream can end alone; where the connection is lost there is another gap, after which all begins anew. */
const MOST_ATTEMPTS = 5

/** What decides which of the entries and events to tell; `isPrompt` as in `PrimingFacts`. */
export function primingOf<V>({ target, seesAllChanges }: Listening<V>, isPrompt: boolean): Priming {
  // The bytes of a key in an event need not be those that the registration gave.
  const identify = target.kind === 'key' ? () => '' : byBytes
  return new Priming({ identify, seesAllChanges, isPrompt })
}

/**
 * A key that is absent gives an entry with an empty value. When a stream is lost all entries come again, as long as
 * they are wanted. `timeoutSeconds` of `call` is the longest wait for the next one.
 */
export async function* readPresent<K, V>(
  context: MapContext<K, V>,
  listening: Listening<V>,
  call: StreamCall,
  isWanted: () => boolean,
): AsyncGenerator<EntryBytes, undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      yield* readOnce(context, listening, call)
      return undefined
    } catch (error) {
      if (!(error instanceof ConnectionError) || attempt === MOST_ATTEMPTS || !isWanted()) throw error
      await pause(backoffMillis(attempt), call.signal)
    }
  }
}

async function* readOnce<K, V>(
  context: MapContext<K, V>,
  { target, filter }: Listening<V>,
  call: StreamCall,
): AsyncGenerator<EntryBytes, undefined> {
  const { remote } = context
  if (target.kind === 'key') {
    const { key } = target
    const timed = { ...call, deadline: now() + call.timeoutSeconds * 1_000 }
    const value = await context.order.read([key], timed, () => remote.get(key, timed))
    yield { key, value: value ?? NOTHING }
    return undefined
  }
  const query = {
    filter: context.encodeOptionalQuery(call.operation, 'filter', filter),
    comparator: undefined,
  }
  yield* remote.queries.queryEntries(query, call, (entry) => entry)
  return undefined
}
