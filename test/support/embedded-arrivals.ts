// Waits for what reaches an embedded server.
import type { EmbeddedCoherence, Operation } from 'coherence-ts/testing'

/** Resolves when the next request of this kind has arrived. */
export function arrivalAt(server: EmbeddedCoherence, wanted: Operation): Promise<void> {
  return new Promise((resolve) => {
    const arrived = ({ operation }: { readonly operation: string }): void => {
      if (operation !== wanted) return
      server.off('request', arrived)
      resolve()
    }
    server.on('request', arrived)
  })
}
