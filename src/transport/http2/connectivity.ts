// Calls back when the connectivity state of a channel changes.
import type { connectivityState as Connectivity } from '@grpc/grpc-js'
import { alarm } from '../../async/alarm'
import { clearTimeout, soon } from '../../async/real-time'

type Callback = (error?: Error) => void

interface Watch {
  readonly from: Connectivity
  readonly callback: Callback
  readonly timer: NodeJS.Timeout | undefined
}

export class ConnectivityWatches {
  readonly #watches = new Set<Watch>()

  /**
   * Calls `callback` once: without an error when the state is no longer `from`, or with one at `deadline` (on the clock
   * of `now()`, `Infinity` for never).
   */
  add(from: Connectivity, deadline: number, callback: Callback): void {
    const expired = (): void => {
      this.#watches.delete(watch)
      callback(new Error('Deadline passed without connectivity state change'))
    }
    const watch: Watch = { from, callback, timer: alarm(deadline, expired) }
    this.#watches.add(watch)
  }

  /** The state is `now`. Callbacks run later in this turn, so that their errors do not interrupt the change. */
  changed(now: Connectivity): void {
    for (const watch of this.#watches) {
      if (watch.from === now) continue
      this.#watches.delete(watch)
      clearTimeout(watch.timer)
      soon(watch.callback)
    }
  }
}
