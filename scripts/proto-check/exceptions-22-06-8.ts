// What release 22.06.8, the oldest server we speak to, has otherwise than the contract. It knows v0 alone.
import { MISSING } from './contract'
import type { Exception } from './exceptions'

const WITHOUT_PAYLOAD = [
  'coherence.ClearRequest',
  'coherence.DestroyRequest',
  'coherence.IsEmptyRequest',
  'coherence.IsReadyRequest',
  'coherence.SizeRequest',
  'coherence.TruncateRequest',
]

const WITH_PAYLOAD = [
  'coherence.AddIndexRequest',
  'coherence.AggregateRequest',
  'coherence.ContainsEntryRequest',
  'coherence.ContainsKeyRequest',
  'coherence.ContainsValueRequest',
  'coherence.EntrySetRequest',
  'coherence.GetAllRequest',
  'coherence.GetRequest',
  'coherence.InvokeAllRequest',
  'coherence.InvokeRequest',
  'coherence.KeySetRequest',
  'coherence.MapListenerRequest',
  'coherence.PageRequest',
  'coherence.PutAllRequest',
  'coherence.PutIfAbsentRequest',
  'coherence.PutRequest',
  'coherence.RemoveIndexRequest',
  'coherence.RemoveMappingRequest',
  'coherence.RemoveRequest',
  'coherence.ReplaceMappingRequest',
  'coherence.ReplaceRequest',
  'coherence.ValuesRequest',
]

/** Every exception is compatible on the wire: the old server skips or does not send what it does not know. */
export const EXCEPTIONS_22_06_8: readonly Exception[] = [
  {
    elements: [...WITHOUT_PAYLOAD, ...WITH_PAYLOAD].flatMap((message) => [
      `${message}.scope`,
      `${message}.cache`,
    ]),
    fact: 'presence',
    here: 'optional',
    there: 'implicit',
    reason: 'Addresses became optional in 24.09; before, empty stood for absent.',
  },
  {
    elements: WITH_PAYLOAD.map((message) => `${message}.format`),
    fact: 'presence',
    here: 'optional',
    there: 'implicit',
    reason: 'Formats became optional in 24.09; before, empty stood for absent.',
  },
  {
    elements: ['coherence.CacheDestroyedResponse.cache', 'coherence.CacheTruncatedResponse.cache'],
    fact: 'presence',
    here: 'optional',
    there: 'implicit',
    reason: 'The cache of a lifecycle event became optional in 24.09.',
  },
  {
    elements: ['coherence.MapListenerRequest.heartbeatMillis', 'coherence.MapListenerResponse.heartbeat'],
    fact: 'kind',
    here: 'field',
    there: MISSING,
    reason: 'Heartbeats on the events stream came with 24.09.',
  },
  {
    elements: ['coherence.HeartbeatMessage'],
    fact: 'kind',
    here: 'message',
    there: MISSING,
    reason: 'Heartbeats on the events stream came with 24.09.',
  },
]
