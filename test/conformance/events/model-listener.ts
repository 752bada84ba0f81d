// A listener of the model's, however it listens: what it was told beside what it was to be told.
import type { EventFor, EventStream, NamedCache, StreamedEvent, Subscription } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import {
  Expectation,
  type Key,
  optionsOf,
  toldOf,
  type Told,
  TRUNCATED,
  type Value,
  type Wish,
} from './model'

export const WAYS = ['listen', 'async listen', 'pause', 'dropOldest'] as const
export type Way = (typeof WAYS)[number]

export class ModelListener {
  readonly expectation: Expectation
  readonly #name: string
  readonly #keys: readonly Key[]
  readonly #told = new Map<Key, Told[]>()
  #count = 0
  #subscription: Subscription | undefined
  #stream: EventStream<Key, Value, EventFor<Key, Value>> | undefined
  #consumed: Promise<void> = Promise.resolve()

  private constructor(name: string, wish: Wish, keys: readonly Key[]) {
    this.#name = name
    this.#keys = keys
    this.expectation = new Expectation(wish)
  }

  static async start(
    map: NamedCache<Key, Value>,
    way: Way,
    wish: Wish,
    keys: readonly Key[],
  ): Promise<ModelListener> {
    const listener = new ModelListener(`${way} ${JSON.stringify(wish)}`, wish, keys)
    const options = optionsOf(wish)
    const note = (item: StreamedEvent<Key, Value, EventFor<Key, Value>>): void => listener.#note(item)
    const later = async (item: StreamedEvent<Key, Value, EventFor<Key, Value>>): Promise<void> => {
      await Promise.resolve()
      note(item)
    }
    if (way === 'listen') {
      listener.#subscription = await map.listen({ onAny: note, onTruncated: note, onGap: note }, options)
    } else if (way === 'async listen') {
      listener.#subscription = await map.listen({ onAny: later, onTruncated: later, onGap: later }, options)
    } else {
      const stream = map.events({ ...options, overflow: way, maxBufferedEvents: 100_000 })
      await stream.ready
      listener.#stream = stream
      listener.#consumed = listener.#consume(stream)
    }
    return listener
  }

  /** Resolves when it was told as much as it was to be told. */
  async settle(): Promise<void> {
    await eventually(() => this.#count >= this.expectation.count, 5).catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.#subscription?.close()
    await this.#stream?.close()
    await this.#consumed
  }

  /** What does not fit together, key by key. */
  complaints(): string[] {
    return this.#keys.flatMap((key) => {
      const told = this.#told.get(key) ?? []
      const wanted = this.expectation.byKey.get(key) ?? []
      if (told.length === wanted.length && told.every((each, index) => each === wanted[index])) return []
      const at = told.findIndex((each, index) => each !== wanted[index])
      const from = Math.max(0, at === -1 ? Math.min(told.length, wanted.length) - 2 : at - 2)
      return [
        `${this.#name}, key ${key}, from ${from}: told ${told.slice(from, from + 6).join('; ')}, ` +
          `not ${wanted.slice(from, from + 6).join('; ')}`,
      ]
    })
  }

  async #consume(stream: EventStream<Key, Value, EventFor<Key, Value>>): Promise<void> {
    for await (const item of stream) this.#note(item)
  }

  #note(item: StreamedEvent<Key, Value, EventFor<Key, Value>>): void {
    this.#count += 1
    if (item.type === 'truncated' || item.type === 'gap') {
      const told = item.type === 'truncated' ? TRUNCATED : `gap: ${item.reason}`
      for (const key of this.#keys) this.#list(key).push(told)
      return
    }
    const { type, key, oldValue, newValue } = item
    const flags = (['expired', 'synthetic', 'priming', 'versionUpdate'] as const).filter((flag) => item[flag])
    this.#list(key).push(toldOf(type, oldValue, newValue, flags.map((flag) => ` ${flag}`).join('')))
  }

  #list(key: Key): Told[] {
    let list = this.#told.get(key)
    if (list === undefined) this.#told.set(key, (list = []))
    return list
  }
}
