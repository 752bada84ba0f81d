// What carries out the calls of a map, and how it is made for one that asks the server for everything.
import { BulkOperations } from './bulk/bulk-operations'
import { Comparisons } from './comparing/comparisons'
import { KeyOperations } from './entries/key-operations'
import { WholeMapOperations } from './entries/whole-map-operations'
import { Events } from './events/event-operations'
import type { MapContext } from './map-context'
import { Agents } from './queries/agents'
import { Reads } from './queries/reads'

/** What carries out the calls of a map. Each part can be wrapped by another one, such as one that caches. */
export interface Operations<K, V> {
  readonly keys: Public<KeyOperations<K, V>>
  readonly comparisons: Public<Comparisons<K, V>>
  readonly bulk: Public<BulkOperations<K, V>>
  readonly wholeMap: Public<WholeMapOperations<K, V>>
  readonly reads: Public<Reads<K, V>>
  readonly agents: Public<Agents<K, V>>
  readonly events: Public<Events<K, V>>
}

type Public<T> = Pick<T, keyof T>

export function operationsOf<K, V>(context: MapContext<K, V>): Operations<K, V> {
  return {
    keys: new KeyOperations(context),
    comparisons: new Comparisons(context),
    bulk: new BulkOperations(context),
    wholeMap: new WholeMapOperations(context),
    reads: new Reads(context),
    agents: new Agents(context),
    events: new Events(context),
  }
}
