// The modules of maps that a session is made without, each loaded when it is needed first: a process that has just
// started connects, and asks for what it needs first, before it has read what it may never need. The bundle has them in
// files of their own.
import type * as BulkCalls from './bulk-calls'
import type * as ListenCalls from './listen-calls'
import type * as QueryCalls from './query-calls'

export const deferred = {
  get bulkCalls(): typeof BulkCalls {
    return require('./bulk-calls') as typeof BulkCalls
  },
  get listenCalls(): typeof ListenCalls {
    return require('./listen-calls') as typeof ListenCalls
  },
  get queryCalls(): typeof QueryCalls {
    return require('./query-calls') as typeof QueryCalls
  },
}
