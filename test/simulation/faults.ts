// What goes wrong in a simulation: a plan that the seed gives, so that a fault can be left out and the rest stays the same.
import type { Random } from '../support/random'
import type { Network } from './network'
import type { Scheduler } from './scheduler'
import type { SimulatedServer } from './server'

export const FAULTS = [
  'cut',
  'silence',
  'pause',
  'refuse',
  'blackhole',
  'go away',
  'end streams',
  'forget caches',
  'crash',
  'slow',
  'block',
] as const

export interface Fault {
  readonly kind: (typeof FAULTS)[number]
  readonly at: number
  readonly millis: number
}

const SHORTEST_QUIET_MS = 20

/** A random plan: faults one after the other, for so long. */
export function planOf(random: Random, millis: number): Fault[] {
  const faults: Fault[] = []
  const quiet = random.of([200, 1_000, 3_000])
  for (let at = random.below(500); at < millis; at += SHORTEST_QUIET_MS + random.below(2 * quiet)) {
    faults.push({ kind: random.of(FAULTS), at, millis: random.of([5, 50, 500, 2_000, 6_000]) })
  }
  return faults
}

export interface World {
  readonly scheduler: Scheduler
  readonly network: Network
  readonly server: SimulatedServer
  /** The process does not run for so long. */
  readonly block: (millis: number) => void
}

/** Makes one fault happen now. */
export function strike({ kind, millis }: Fault, { scheduler, network, server, block }: World): void {
  const connections = [...network.connections]
  const cut = (): void => connections.forEach((connection) => connection.cut('read ECONNRESET'))
  const shut = (door: 'refuses' | 'silent'): void => {
    network.weather.door = door
    scheduler.after(millis, 'the server can be reached', () => (network.weather.door = 'open'))
  }
  switch (kind) {
    case 'cut':
      cut()
      break
    case 'silence':
      for (const connection of connections) connection.hold()
      break
    case 'pause':
      for (const connection of connections) {
        connection.hold()
        scheduler.after(millis, 'the connection goes on', () => connection.release())
      }
      break
    case 'refuse':
      shut('refuses')
      cut()
      break
    case 'blackhole':
      shut('silent')
      cut()
      break
    case 'go away':
      for (const connection of connections) connection.goAway()
      break
    case 'end streams':
      server.endStreams()
      break
    case 'forget caches':
      server.forgetCaches()
      break
    case 'crash':
      shut('refuses')
      server.crash()
      cut()
      break
    case 'slow':
      network.weather.slowness = 30
      scheduler.after(millis, 'the network is fast', () => (network.weather.slowness = 1))
      break
    case 'block':
      block(millis)
      break
  }
}
