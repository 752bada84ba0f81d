// The entry point `coherence-ts/testing`: servers for trying the library out and for tests.
export { Clock, type ClockOptions } from './testing/clock'
export {
  EmbeddedCoherence,
  type EmbeddedCoherenceOptions,
  type EmbeddedTls,
  type Operation,
  type ReceivedRequest,
} from './testing/embedded-coherence'
export {
  RealCoherence,
  type RealCoherenceOptions,
  type RealMember,
  type RealTls,
} from './testing/real-coherence'
