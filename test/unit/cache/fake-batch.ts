// A batch of entries that is a list of them.
import type { EntryBatch, Sendable } from '../../../src/protocol/port'

export class FakeBatch implements EntryBatch {
  readonly entries: { readonly key: string; readonly value: string }[] = []
  readonly #bytesOf: (text: string) => Uint8Array

  /** `bytesOf` is what a batch is given for texts that are not ASCII. */
  constructor(bytesOf: (text: string) => Uint8Array = (text) => Buffer.from(text)) {
    this.#bytesOf = bytesOf
  }

  get contentBytes(): number {
    return this.entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0)
  }

  /** As values. */
  get keys(): string[] {
    return this.entries.map(({ key }) => JSON.parse(key.slice(1)) as string)
  }

  add(key: Sendable, value: Sendable): void {
    this.entries.push({ key: this.#bytes(key), value: this.#bytes(value) })
  }

  removeLast(): void {
    this.entries.pop()
  }

  send(): Promise<void> {
    throw new Error('A test sends what is in it')
  }

  /** One character for each byte. */
  #bytes(sendable: Sendable): string {
    const isAscii = typeof sendable !== 'string' || Buffer.byteLength(sendable) === sendable.length
    const bytes =
      typeof sendable !== 'string' ? sendable : isAscii ? Buffer.from(sendable) : this.#bytesOf(sendable)
    return Buffer.from(bytes).toString('latin1')
  }
}
