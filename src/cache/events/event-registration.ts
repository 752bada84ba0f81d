// The data that all parts of one registration for events share.
import type { Call } from '../../calls/call'
import type { MapContext } from '../map-context'
import type { CheckedListenOptions } from './listen-options'
import type { NamedMap } from './map-event'

export interface EventRegistration<K, V> {
  readonly context: MapContext<K, V>
  /** The map that its events name. */
  readonly map: NamedMap<K, V>
  readonly options: CheckedListenOptions<V>
  /** Makes a call that has the timeout of the session and no signal. */
  readonly createCall: (operation: 'listen' | 'close') => Call
}
