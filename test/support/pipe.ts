// One direction of a connection through a proxy: what one socket receives is written to the other, at once or with the
// faults that the proxy has at that moment.
import type { Socket } from 'node:net'
import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers'
import { now } from '../../src/async/real-time'
import { Random } from './random'

/** What happens to bytes on their way. */
export interface Faults {
  readonly delayMs: number
  /** How many bytes pass in one turn of the event loop. */
  readonly bytesPerTurn: number
  /** Changes what goes to the client, and what goes to the server. */
  readonly corruption: { readonly client?: BitFlips; readonly server?: BitFlips }
}

export const NO_FAULTS: Faults = { delayMs: 0, bytesPerTurn: Infinity, corruption: {} }

/** Which side of a connection. */
export type Side = keyof Faults['corruption']

export class Pipe {
  readonly #from: Socket
  readonly #to: Socket
  readonly #toSide: Side
  readonly #faults: () => Faults
  /** What has come and not passed yet. */
  readonly #waiting: { readonly dueAt: number; bytes: Buffer }[] = []
  #timer: NodeJS.Timeout | undefined
  #turn: NodeJS.Immediate | undefined
  #isHeld = false
  /** Nothing gets to the other side any more, which may be gone. */
  #isDropping = false
  #ended: 'open' | 'ended' | 'closed' = 'open'

  constructor(from: Socket, to: Socket, toSide: Side, faults: () => Faults) {
    this.#from = from
    this.#to = to
    this.#toSide = toSide
    this.#faults = faults
    from.setNoDelay(true)
    from.on('data', (chunk: Buffer) => this.#arrived(chunk))
    from.on('end', () => this.#over('ended'))
    from.on('close', () => this.#over('closed'))
    from.on('error', () => {
      if (this.#isDropping) return
      this.#clear()
      reset(to)
    })
    to.on('drain', () => this.#pass())
    to.on('close', () => this.#clear())
  }

  /** Nothing passes until `release()`. */
  hold(): void {
    this.#isHeld = true
    this.#from.pause()
  }

  release(): void {
    this.#isHeld = false
    this.#pass()
  }

  /** What comes from now on is lost, and so is what has not passed yet. */
  drop(): void {
    this.#isDropping = true
    this.#clear()
    this.#from.resume()
  }

  #arrived(chunk: Buffer): void {
    if (this.#isDropping) return
    const { delayMs, corruption } = this.#faults()
    const bytes = corruption[this.#toSide]?.flip(chunk) ?? chunk
    this.#waiting.push({ dueAt: now() + delayMs, bytes })
    this.#pass()
  }

  #over(how: 'ended' | 'closed'): void {
    this.#ended = how
    if (!this.#isDropping) this.#pass()
    else if (how === 'ended') this.#from.destroy()
  }

  /** Passes on what is due, and then the end. */
  #pass(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
    while (!this.#isHeld && !this.#to.writableNeedDrain) {
      const [next] = this.#waiting
      if (next === undefined) {
        this.#from.resume()
        if (this.#ended === 'ended') this.#to.end()
        else if (this.#ended === 'closed') this.#to.destroySoon()
        return
      }
      const wait = next.dueAt - now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#pass(), wait)
        return
      }
      const { bytesPerTurn } = this.#faults()
      this.#to.write(next.bytes.subarray(0, bytesPerTurn))
      if (next.bytes.length <= bytesPerTurn) this.#waiting.shift()
      else next.bytes = next.bytes.subarray(bytesPerTurn)
      if (bytesPerTurn < Infinity) {
        this.#turn = setImmediate(() => this.#pass())
        return
      }
    }
    this.#from.pause()
  }

  #clear(): void {
    this.#waiting.length = 0
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
  }
}

/** Flips one bit in about every `everyBytes` bytes. Which ones depends on the seed alone. */
export class BitFlips {
  readonly #everyBytes: number
  readonly #random: Random
  /** How many bytes come before the next flip. */
  #before: number

  constructor(everyBytes: number, seed: number) {
    this.#everyBytes = everyBytes
    this.#random = new Random(seed)
    this.#before = this.#random.below(2 * everyBytes)
  }

  /** The bytes with some of their bits flipped. */
  flip(bytes: Buffer): Buffer {
    const flipped = Buffer.from(bytes)
    let at = this.#before
    while (at < flipped.length) {
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << this.#random.below(8)), at)
      at += 1 + this.#random.below(2 * this.#everyBytes)
    }
    this.#before = at - flipped.length
    return flipped
  }
}

/**
 * Resets the connection. Node.js cannot reset a socket while it is being shut down: it would never close it, nor report
 * it as closed.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}
