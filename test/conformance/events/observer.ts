// A listener that holds what it was told against itself: the changes of a key are a chain, and a link may be missing
// only where a gap was told. Values are never written twice, so repeated or swapped events break the chain too.
import type { EventFor, EventStream, NamedCache, StreamedEvent, Subscription } from 'coherence-ts'
import type { Key, Value } from './model'
import type { Way } from './model-listener'

export interface Observing {
  readonly way: Way
  readonly key: Key | undefined
  readonly resync: boolean
}

export class Observer {
  readonly complaints: string[] = []
  /** What it takes the map to hold. */
  readonly held = new Map<Key, Value>()
  gaps = 0
  readonly #name: string
  readonly #observing: Observing
  /** Keys of which it knows what they are mapped to. */
  #known = new Set<Key>()
  #knowsAll = false
  #told = 0
  #subscription: Subscription | undefined
  #stream: EventStream<Key, Value, EventFor<Key, Value>> | undefined
  #consumed: Promise<void> = Promise.resolve()

  private constructor(name: string, observing: Observing) {
    this.#name = name
    this.#observing = observing
  }

  static async start(map: NamedCache<Key, Value>, observing: Observing): Promise<Observer> {
    const { way, key, resync } = observing
    const observer = new Observer(JSON.stringify(observing), observing)
    const note = (item: StreamedEvent<Key, Value, EventFor<Key, Value>>): void => observer.#note(item)
    const later = async (item: StreamedEvent<Key, Value, EventFor<Key, Value>>): Promise<void> => {
      await Promise.resolve()
      note(item)
    }
    if (way === 'listen' || way === 'async listen') {
      const told = way === 'listen' ? note : later
      observer.#subscription = await map.listen(
        { onAny: told, onTruncated: told, onGap: told },
        { key, resync },
      )
    } else {
      const stream = map.events({ key, resync, overflow: way, maxBufferedEvents: 100_000 })
      observer.#stream = stream
      observer.#consumed = observer.#consume(stream)
      await stream.ready
    }
    return observer
  }

  async close(): Promise<void> {
    await this.#subscription?.close()
    await this.#stream?.close()
    await this.#consumed
  }

  /** What it holds that is not so, `undefined` where there is nothing. */
  difference(actual: ReadonlyMap<Key, Value>): string | undefined {
    const { key, resync } = this.#observing
    const keys = new Set([...actual.keys(), ...this.held.keys()])
    // Without resync it cannot know what was changed in a gap.
    const wrong = [...keys].filter((each) => {
      if (key !== undefined && key !== each) return false
      const isKnown = this.#knowsAll || this.#known.has(each) || (resync && this.gaps > 0)
      return isKnown && this.held.get(each) !== actual.get(each)
    })
    const [first] = wrong
    if (first === undefined) return undefined
    return `${this.#name} holds ${this.held.get(first)} of ${first}, not ${actual.get(first)}, after ${this.#told}`
  }

  async #consume(stream: EventStream<Key, Value, EventFor<Key, Value>>): Promise<void> {
    for await (const item of stream) this.#note(item)
  }

  #note(item: StreamedEvent<Key, Value, EventFor<Key, Value>>): void {
    this.#told += 1
    if (item.type === 'gap' || item.type === 'truncated') {
      this.held.clear()
      this.#known = new Set()
      this.#knowsAll = item.type === 'truncated'
      if (item.type === 'gap') this.gaps += 1
      return
    }
    const { type, key, oldValue, newValue, priming } = item
    const isKnown = this.#knowsAll || this.#known.has(key)
    if (priming && isKnown && this.gaps > 0) this.#complain(`primed of ${key} again, with ${newValue}`)
    if (!priming && isKnown && this.held.get(key) !== oldValue) {
      this.#complain(`${type} of ${key} from ${oldValue} to ${newValue}, but it held ${this.held.get(key)}`)
    }
    this.#known.add(key)
    if (newValue === undefined) this.held.delete(key)
    else this.held.set(key, newValue)
  }

  #complain(what: string): void {
    this.complaints.push(`${this.#name} after ${this.#told} and ${this.gaps} gaps: ${what}`)
  }
}
