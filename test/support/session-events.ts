// What a session tells of itself, written down, and waited for.
import type { Session, SessionEvent } from 'coherence-ts'

const TYPES = ['connected', 'disconnected', 'reconnected', 'closed'] as const

export class SessionDiary {
  readonly events: SessionEvent[] = []
  readonly #waiting = new Set<() => void>()

  constructor(session: Session) {
    for (const type of TYPES) {
      session.on(type, (event) => {
        this.events.push(event)
        for (const look of [...this.#waiting]) look()
      })
    }
  }

  get types(): string[] {
    return this.events.map(({ type }) => type)
  }

  /** The first event of this type, when it has happened. */
  async first(type: SessionEvent['type']): Promise<SessionEvent> {
    for (;;) {
      const found = this.events.find((event) => event.type === type)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        const look = (): void => {
          this.#waiting.delete(look)
          resolve()
        }
        this.#waiting.add(look)
      })
    }
  }
}
