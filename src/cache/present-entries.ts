// The entries that a listener is told of first: those that are there.
import type { Call } from '../protocol/call'
import type { EntryBytes } from '../protocol/port'
import type { Listening } from './listen-options'
import type { MapContext } from './map-context'

const NOTHING = new Uint8Array()

/** A key that is absent gives an entry with an empty value. */
export async function* readPresent<K, V>(
  context: MapContext<K, V>,
  { target, filter }: Listening<V>,
  call: Call,
): AsyncGenerator<EntryBytes, undefined> {
  const { remote } = context
  if (target.kind === 'key') {
    const { key } = target
    const value = await context.order.read([key], call, () => remote.get(key, call))
    yield { key, value: value ?? NOTHING }
    return undefined
  }
  const query = { filter: context.encodeOptionalQuery('listen', 'filter', filter), comparator: undefined }
  yield* remote.queryEntries(query, call)
  return undefined
}
