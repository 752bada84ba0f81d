// Converts the gRPC channel options that the HTTP/2 channel supports, with their names in grpc-js, to typed settings.
import type { Backoff } from '../../async/backoff'

export interface ChannelSettings {
  /** The value of `:authority`, if the option sets it. */
  readonly authority: string | undefined
  /** The name that the server's certificate must have, if the option sets it. */
  readonly tlsName: string | undefined
  readonly userAgent: string
  /** The limit for one message without its frame; `Infinity` for none. */
  readonly maxSendBytes: number
  /** The limit for one message without its frame; `Infinity` for none. */
  readonly maxReceiveBytes: number
  /** The limit for name lookup, TCP, TLS and the server's settings together; `Infinity` for none. */
  readonly connectTimeoutMs: number
  readonly backoff: Backoff
  /** Whether connections use the HTTP proxy that the environment names. */
  readonly byProxy: boolean
  /** `undefined` for no pings. */
  readonly keepalive: KeepaliveSettings | undefined
  readonly streamWindowBytes: number
  readonly connectionWindowBytes: number
  /** In megabytes, the unit of `node:http2`. */
  readonly maxSessionMemory: number
}

export interface KeepaliveSettings {
  /** The time without data before a ping. */
  readonly timeMs: number
  /** The time without data after a ping before the connection counts as lost. */
  readonly timeoutMs: number
}

const MIB = 1024 * 1024
const USER_AGENT = `grpc-node-http2/${process.versions.node}`
const DEFAULT_MAX_RECEIVE_BYTES = 4 * MIB
// gRPC's connection backoff document: INITIAL_BACKOFF, MAX_BACKOFF, JITTER and MIN_CONNECT_TIMEOUT.
const DEFAULT_INITIAL_BACKOFF_MS = 1_000
const DEFAULT_MAX_BACKOFF_MS = 120_000
const BACKOFF_JITTER = [0.8, 1.2] as const
const DEFAULT_CONNECT_TIMEOUT_MS = 20_000
const DEFAULT_KEEPALIVE_TIMEOUT_MS = 20_000
// With this window, one stream fills a link of 160 Mbit/s at 50 ms; eight streams do not wait for each other.
const DEFAULT_STREAM_WINDOW_BYTES = MIB
const DEFAULT_CONNECTION_WINDOW_BYTES = 8 * MIB

const WINDOW = 'grpc-node.flow_control_window'
const TEXTS = [
  'grpc.default_authority',
  'grpc.ssl_target_name_override',
  'grpc.primary_user_agent',
  'grpc.secondary_user_agent',
] as const
const NUMBERS = [
  'grpc.max_send_message_length',
  'grpc.max_receive_message_length',
  'grpc.initial_reconnect_backoff_ms',
  'grpc.min_reconnect_backoff_ms',
  'grpc.max_reconnect_backoff_ms',
  'grpc.keepalive_time_ms',
  'grpc.keepalive_timeout_ms',
  'grpc.enable_http_proxy',
  WINDOW,
  'grpc-node.max_session_memory',
] as const

/** The channel options that the HTTP/2 channel supports. It ignores all others. */
export const HTTP2_CHANNEL_OPTIONS: ReadonlySet<string> = new Set([...TEXTS, ...NUMBERS])

/** The largest window that HTTP/2 has. */
const LARGEST_WINDOW_BYTES = 2 ** 31 - 1

/** Returns the problem with a value of one of these options; `undefined` if there is none, or if it is another option. */
export function channelOptionProblem(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if ((TEXTS as readonly string[]).includes(name))
    return typeof value === 'string' ? undefined : 'it must be a string'
  if (!(NUMBERS as readonly string[]).includes(name)) return undefined
  if (typeof value !== 'number' || Number.isNaN(value)) return 'it must be a number'
  const isWindow = Number.isInteger(value) && value > 0 && value <= LARGEST_WINDOW_BYTES
  return name === WINDOW && !isWindow
    ? `it must be a whole number of bytes from 1 to ${LARGEST_WINDOW_BYTES}`
    : undefined
}

/** @throws {TypeError} an option has a wrong value. */
export function readChannelOptions(options: Readonly<Record<string, unknown>>): ChannelSettings {
  for (const [name, value] of Object.entries(options)) {
    const problem = channelOptionProblem(name, value)
    if (problem !== undefined) throw new TypeError(`Channel option '${name}' is wrong: ${problem}`)
  }
  const text = (name: (typeof TEXTS)[number]): string | undefined => options[name] as string | undefined
  const number = (name: (typeof NUMBERS)[number]): number | undefined => options[name] as number | undefined
  const keepaliveMs = number('grpc.keepalive_time_ms') ?? -1
  const keepaliveTimeoutMs = number('grpc.keepalive_timeout_ms') ?? DEFAULT_KEEPALIVE_TIMEOUT_MS
  const window = number(WINDOW)
  const agents = [text('grpc.primary_user_agent'), USER_AGENT, text('grpc.secondary_user_agent')]
  return {
    authority: text('grpc.default_authority'),
    tlsName: text('grpc.ssl_target_name_override'),
    userAgent: agents.filter((agent) => agent !== undefined && agent !== '').join(' '),
    maxSendBytes: limit(number('grpc.max_send_message_length') ?? -1),
    maxReceiveBytes: limit(number('grpc.max_receive_message_length') ?? DEFAULT_MAX_RECEIVE_BYTES),
    connectTimeoutMs: positive(number('grpc.min_reconnect_backoff_ms') ?? DEFAULT_CONNECT_TIMEOUT_MS),
    backoff: {
      initialMs: number('grpc.initial_reconnect_backoff_ms') ?? DEFAULT_INITIAL_BACKOFF_MS,
      maxMs: number('grpc.max_reconnect_backoff_ms') ?? DEFAULT_MAX_BACKOFF_MS,
      jitter: BACKOFF_JITTER,
    },
    byProxy: number('grpc.enable_http_proxy') !== 0,
    keepalive: keepaliveMs > 0 ? { timeMs: keepaliveMs, timeoutMs: keepaliveTimeoutMs } : undefined,
    streamWindowBytes: window ?? DEFAULT_STREAM_WINDOW_BYTES,
    connectionWindowBytes: Math.max(window ?? 0, DEFAULT_CONNECTION_WINDOW_BYTES),
    maxSessionMemory: number('grpc-node.max_session_memory') ?? Number.MAX_SAFE_INTEGER,
  }
}

function limit(bytes: number): number {
  return bytes < 0 ? Infinity : bytes
}

function positive(ms: number): number {
  return ms > 0 ? ms : Infinity
}
