// The listeners and event streams of a soak, which are there from its begin to its end.
import { setTimeout as delay } from 'node:timers/promises'
import { type EventFor, type EventStream, Extractors, Filters, type Subscription } from 'coherence-ts'
import { hear, type HeardItem } from '../support/hear'
import type { HeardEvents, HearingOptions } from '../support/oracle/heard-events'

import { FILTERED_ABOVE, isPlain, type SoakMaps } from './maps'
import type { Recorder } from './recorder'

/** A stream that drops what is too much gets more at times than it keeps. */
const KEPT_EVENTS = 100
const EVENTS_BEFORE_A_REST = 500
const REST_MILLIS = 500

const plainOnly: HearingOptions = { knowsStart: true, selects: isPlain }
const processedOnly: HearingOptions = { knowsStart: true, selects: (key) => !isPlain(key) }

export class Listeners {
  readonly heard: HeardEvents[] = []
  readonly #recorder: Recorder
  readonly #subscriptions: Subscription[] = []
  readonly #streams: EventStream<string, number, EventFor<string, number>>[] = []
  readonly #consumed: Promise<void>[] = []

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  /** Registers one of each kind. Nothing is written before. */
  async start(name: string, { plain, processed }: SoakMaps, key: string): Promise<void> {
    const filter = Filters.greater(Extractors.identity<number>(), FILTERED_ABOVE)
    const accepts = (value: number): boolean => value > FILTERED_ABOVE
    const selects = (other: string): boolean => other === key
    await this.#listen(`${name}, all`, plain, plainOnly)
    await this.#listen(`${name}, all processed`, processed, processedOnly)
    await this.#listen(`${name}, filter`, plain, { ...plainOnly, accepts }, { filter })
    await this.#listen(`${name}, key`, plain, { knowsStart: true, selects }, { key })
    await this.#listen(`${name}, lite`, plain, { ...plainOnly, lite: true }, { lite: true })
    await this.#listen(`${name}, resync`, plain, { ...plainOnly, resync: true }, { resync: true })
    await this.#listenAsynchronously(`${name}, asynchronous`, processed, { ...processedOnly, resync: true })
    await this.#stream(`${name}, stream`, plain, plainOnly, { priming: true, resync: true })
    await this.#stream(`${name}, stream that drops`, processed, processedOnly, {
      resync: true,
      overflow: 'dropOldest',
      maxBufferedEvents: KEPT_EVENTS,
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions, ...this.#streams].map((each) => each.close()))
    await Promise.all(this.#consumed)
  }

  async #listen(
    name: string,
    map: SoakMaps['plain'],
    hearing: HearingOptions,
    options: Parameters<SoakMaps['plain']['listen']>[1] = {},
  ): Promise<void> {
    const note = this.#noteOf(name, hearing)
    this.#subscriptions.push(await map.listen({ onAny: note, onGap: note, onTruncated: note }, options))
  }

  async #listenAsynchronously(name: string, map: SoakMaps['plain'], hearing: HearingOptions): Promise<void> {
    const note = this.#noteOf(name, hearing)
    const later = async (item: HeardItem): Promise<void> => {
      await Promise.resolve()
      note(item)
    }
    const listener = { onAny: later, onGap: later, onTruncated: later }
    this.#subscriptions.push(await map.listen(listener, { resync: true }))
  }

  async #stream(
    name: string,
    map: SoakMaps['plain'],
    hearing: HearingOptions,
    options: NonNullable<Parameters<SoakMaps['plain']['events']>[0]>,
  ): Promise<void> {
    const stream = map.events(options) as EventStream<string, number, EventFor<string, number>>
    await stream.ready
    this.#streams.push(stream)
    const note = this.#noteOf(name, { ...hearing, resync: true })
    const rests = options.overflow === 'dropOldest'
    this.#consumed.push(
      consume(stream, note, rests).catch((error: unknown) =>
        this.#recorder.unexpected(`${name} ended`, error),
      ),
    )
  }

  #noteOf(name: string, hearing: HearingOptions): (item: HeardItem) => void {
    const heard = this.#recorder.oracle.listener(name, this.#recorder.now(), hearing)
    this.heard.push(heard)
    return hear(heard, this.#recorder.origin)
  }
}

async function consume(
  stream: EventStream<string, number, EventFor<string, number>>,
  note: (item: HeardItem) => void,
  rests: boolean,
): Promise<void> {
  let count = 0
  for await (const item of stream) {
    note(item)
    if (rests && (count += 1) % EVENTS_BEFORE_A_REST === 0) await delay(REST_MILLIS)
  }
}
