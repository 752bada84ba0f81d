// The server of the simulation: the embedded server without its sockets. It answers each request when the scheduler says
// so, in the order of arrival or in any order, and keeps a record of every change.
import { Clock } from '../../src/testing/clock'
import { EmbeddedServer } from '../../src/testing/proxy/embedded-server'
import type { CacheRequest } from '../../src/testing/proxy/cache-request'
import { FrameReader } from '../../src/testing/proxy/frames'
import type { ServerCall } from '../../src/testing/proxy/grpc-listener'
import { textOf, type Stored } from '../../src/testing/store/stored-value'
import { NamedCacheRequestType as Type } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Random } from '../support/random'
import type { Network, Served } from './network'
import type { Scheduled, Scheduler } from './scheduler'

/** The value of every entry. */
export interface Entry {
  readonly n: number
}

/** A change of an entry, as the server made it. */
export interface Change {
  readonly map: string
  readonly key: string
  /** The number in the value; `undefined` where there is none. */
  readonly before: number | undefined
  readonly after: number | undefined
  /** On the scheduler's clock. */
  readonly at: number
}

const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const PARTITIONS = 7
const SETTINGS = { host: '', port: 0, tls: undefined, version: '25.03.2', memberId: 1 }
const UNAVAILABLE = 14

export class SimulatedServer {
  readonly changes: Change[] = []
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #server: EmbeddedServer
  /** Requests that arrived and are not executed. */
  readonly #pending = new Set<Scheduled>()
  readonly #ordered: boolean
  #lastExecution = 0
  #network: Network | undefined

  /** @param ordered Whether requests are executed in the order of arrival, as by 24.09. */
  constructor(scheduler: Scheduler, random: Random, ordered: boolean) {
    this.#scheduler = scheduler
    this.#random = random
    this.#ordered = ordered
    this.#server = new EmbeddedServer({ ...SETTINGS, clock: new Clock(), partitions: PARTITIONS })
    this.#server.meddler = {
      request: (request) => {
        this.#execute(request)
        return true
      },
    }
  }

  /** The streams that are open. */
  get streams(): number {
    return this.#server.streams.size
  }

  useNetwork(network: Network): void {
    this.#network = network
  }

  serve(call: ServerCall): Served {
    const handler = this.#server.open(call)
    const reader = new FrameReader(MAX_MESSAGE_BYTES)
    return {
      received: (bytes) => {
        for (const message of reader.read(bytes)) handler.received(message)
      },
      ended: () => handler.ended(),
    }
  }

  /** Records all changes of this map. */
  watch(map: string): void {
    const cache = this.#server.caches.ensure('', map)
    cache.listeners.add({
      changed: ({ key, oldValue, newValue }) =>
        this.changes.push({
          map,
          key: JSON.parse(textOf(key)) as string,
          before: numberOf(oldValue),
          after: numberOf(newValue),
          at: this.#scheduler.now,
        }),
      truncated: () => undefined,
      destroyed: () => undefined,
    })
  }

  /** Ends all streams, as a proxy does whose service restarts. */
  endStreams(): void {
    for (const stream of [...this.#server.streams]) stream.end(UNAVAILABLE, 'the service was stopped')
  }

  /** Forgets the ids of all caches on streams of several, where a request will show it. */
  forgetCaches(): void {
    for (const stream of this.#server.streams) {
      if (stream.views.size < 2) continue
      for (const view of stream.views.values()) view.close()
      stream.views.clear()
    }
  }

  /** The process dies: what arrived is executed or not. */
  crash(): void {
    for (const task of this.#pending) if (this.#random.chance(0.5)) this.#scheduler.cancel(task)
    this.#pending.clear()
  }

  #execute(request: CacheRequest): void {
    const delay = this.#network?.delay() ?? 0
    const at = this.#scheduler.now + delay
    this.#lastExecution = Math.max(this.#lastExecution, at)
    const task = this.#scheduler.at(
      this.#ordered ? this.#lastExecution : at,
      `executes ${Type[request.type]}`,
      () => {
        this.#pending.delete(task)
        this.#server.answer(request)
      },
    )
    this.#pending.add(task)
  }
}

function numberOf(stored: Stored | undefined): number | undefined {
  return stored === undefined ? undefined : (JSON.parse(textOf(stored)) as Entry).n
}
