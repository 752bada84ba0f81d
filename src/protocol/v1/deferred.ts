// The modules that a stream can be opened without, each loaded when it is needed first: a process that has just started
// connects, and asks for what it needs first, before it has read what it may never need. The bundle has them in files
// of their own.
import type * as EntryBatch from './entry-batch'
import type * as EventLane from './event-lane'
import type * as KeyBatch from './key-batch'
import type * as ListenerMessages from './listener-messages'
import type * as PacedEvents from './paced-events'
import type * as QueryLanes from './query-lanes'
import type * as RemoteQueries from './remote-queries'

export const deferred = {
  get entryBatch(): typeof EntryBatch {
    return require('./entry-batch') as typeof EntryBatch
  },
  get eventLane(): typeof EventLane {
    return require('./event-lane') as typeof EventLane
  },
  get keyBatch(): typeof KeyBatch {
    return require('./key-batch') as typeof KeyBatch
  },
  get listenerMessages(): typeof ListenerMessages {
    return require('./listener-messages') as typeof ListenerMessages
  },
  get pacedEvents(): typeof PacedEvents {
    return require('./paced-events') as typeof PacedEvents
  },
  get queryLanes(): typeof QueryLanes {
    return require('./query-lanes') as typeof QueryLanes
  },
  get remoteQueries(): typeof RemoteQueries {
    return require('./remote-queries') as typeof RemoteQueries
  },
}
