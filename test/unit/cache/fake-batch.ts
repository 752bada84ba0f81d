// A batch of entries that is a list of them.
import type { EntryBatch, EntryWriter } from '../../../src/protocol/port'

const ROOM = 64 * 1024

export class FakeBatch implements EntryBatch {
  /** One character for each byte. */
  readonly entries: { readonly key: string; readonly value: string }[] = []
  /** How many of all that were added were written by the writer. */
  writtenDirectly = 0
  readonly #writer: EntryWriter | undefined

  constructor(writer?: EntryWriter) {
    this.#writer = writer
  }

  get contentBytes(): number {
    return this.entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0)
  }

  /** As values. */
  get keys(): string[] {
    return this.entries.map(({ key }) => JSON.parse(key.slice(1)) as string)
  }

  add(key: Uint8Array | string, value: unknown): boolean {
    const writer = this.#writer
    if (writer === undefined) return false
    const out = Buffer.alloc(ROOM)
    const keyEnd = typeof key === 'string' ? writer.writeKey(key, out, 0) : Buffer.from(key).copy(out)
    const valueEnd = writer.writeValue(value, out, keyEnd)
    if (valueEnd < 0) return false
    this.addBytes(out.subarray(0, keyEnd), out.subarray(keyEnd, valueEnd))
    this.writtenDirectly += 1
    return true
  }

  addBytes(key: Uint8Array, value: Uint8Array): void {
    this.entries.push({
      key: Buffer.from(key).toString('latin1'),
      value: Buffer.from(value).toString('latin1'),
    })
  }

  removeLast(): void {
    this.entries.pop()
  }

  send(): Promise<void> {
    throw new Error('A test sends what is in it')
  }
}
