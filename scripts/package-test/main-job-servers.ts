// The servers that the main job is done on: a fake one, which sees what is sent and answers what this one job asks for,
// and a real Coherence.
import {
  ExecuteRequest,
  MapEventMessage,
  MapEventMessage_TransformationState,
  MapListenerRequest,
  NamedCacheRequestType as Type,
  PutRequest,
  QueryRequest,
  ResponseType,
} from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../gen/google/protobuf/any'
import { startCoherence } from '../../test/support/coherence-server'
import { bytesPayload, entryPayload, json, payload } from '../../test/support/fake-caches'
import { FakeProxy, type FakeRequest } from '../../test/support/fake-proxy'
import { MissingToolError } from '../../test/support/java-installation'

const UPDATED = 2
const START_TIMEOUT_MS = 120_000

interface Person {
  readonly age: number
  readonly address: { readonly city: string }
}

export interface MainJobServer extends AsyncDisposable {
  readonly name: string
  readonly address: string
  /** What was wrong with what the client sent. */
  readonly faults: readonly string[]
}

/** A real server; none where it is not wanted, or cannot be had. */
export interface RealServer extends AsyncDisposable {
  readonly server?: MainJobServer
  /** What cannot be had here. */
  readonly missing: readonly string[]
}

export async function startRealServer(isWanted: boolean): Promise<RealServer> {
  const none = { missing: [], [Symbol.asyncDispose]: () => Promise.resolve() }
  if (!isWanted) return none
  try {
    const coherence = await startCoherence({ startTimeoutMs: START_TIMEOUT_MS })
    const end = (): Promise<void> => coherence.stop()
    const { version, address } = coherence
    const server = { name: `Coherence ${version}`, address, faults: [], [Symbol.asyncDispose]: end }
    return { server, missing: [], [Symbol.asyncDispose]: end }
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error
    return { ...none, missing: [`a real server: ${error.message}`] }
  }
}

/** A fake server, for one consumer alone. */
export async function startFakeServer(): Promise<MainJobServer> {
  const proxy = await FakeProxy.start()
  proxy.on(Type.QueryEntries, (request) => {
    const { value: city } = read(request.read(QueryRequest).filter) as { readonly value: string }
    const found = entriesOf(proxy, request).filter(([, person]) => person.address.city === city)
    request.answer(...found.map(([key, person]) => entryPayload(key, json(person))))
  })
  proxy.on(Type.Invoke, (request) => {
    const { agent, keys } = request.read(ExecuteRequest)
    const { increment } = read(agent) as { readonly increment?: number }
    const key = keys?.keyOrFilter?.$case === 'key' ? keys.keyOrFilter.value : undefined
    const [, person] = entriesOf(proxy, request).find(([known]) => key?.equals(known)) ?? []
    if (increment === undefined || key === undefined || person === undefined) {
      request.error('there is no such processor')
    } else {
      const age = person.age + increment
      proxy.caches.fill(nameOf(request), [[read(key), { ...person, age }]])
      request.answer(entryPayload(key, json(age)))
    }
  })
  proxy.on(Type.Aggregate, (request) => {
    const sum = entriesOf(proxy, request).reduce((total, [, { age }]) => total + age, 0)
    request.answer(bytesPayload(json(String(sum))))
  })
  tellOfUpdates(proxy)
  return {
    name: 'the fake server',
    address: proxy.address,
    get faults() {
      const formats = [...new Set(proxy.inits.map(({ format }) => format))]
      const wrong = formats.filter((format) => format !== 'json')
      return [
        ...wrong.map((format) => `the format that was sent is ${JSON.stringify(format)}`),
        ...(proxy.inits.length === 0 ? ['no session was opened'] : []),
      ]
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}

function tellOfUpdates(proxy: FakeProxy): void {
  let listening: { readonly request: FakeRequest; readonly filterId: bigint } | undefined
  proxy.on(Type.MapListener, (request) => {
    const { subscribe, filterId } = request.read(MapListenerRequest)
    listening = subscribe ? { request, filterId } : undefined
    request.answer()
  })
  proxy.on(Type.Put, (request) => {
    const { key, value } = request.read(PutRequest)
    const oldValue = proxy.caches.of(nameOf(request)).get(key.toString('latin1'))
    if (listening !== undefined && oldValue !== undefined) {
      const { stream, cacheId = 0 } = listening.request
      const event = updateEvent(key, oldValue, value, listening.filterId)
      stream.message(0, cacheId, event, ResponseType.MapEvent)
    }
    request.answerAsUsual()
  })
}

function updateEvent(key: Buffer, oldValue: Buffer, newValue: Buffer, filterId: bigint): Any {
  const event = MapEventMessage.encode({
    id: UPDATED,
    key,
    newValue,
    oldValue,
    transformationState: MapEventMessage_TransformationState.NON_TRANSFORMABLE,
    filterIds: [filterId],
    synthetic: false,
    priming: false,
    expired: false,
    versionUpdate: false,
  })
  return payload('coherence.cache.v1.MapEventMessage', event.finish())
}

function entriesOf(proxy: FakeProxy, request: FakeRequest): (readonly [key: Buffer, value: Person])[] {
  return [...proxy.caches.of(nameOf(request))].map(([key, value]) => [
    Buffer.from(key, 'latin1'),
    read(value) as Person,
  ])
}

function nameOf({ cacheName = '' }: FakeRequest): string {
  return cacheName
}

/** What a payload in the JSON format says. */
function read(bytes: Buffer | undefined): unknown {
  return JSON.parse(bytes?.subarray(1).toString() ?? 'null')
}
