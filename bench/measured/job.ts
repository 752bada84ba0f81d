// What a measured process is told, and what it tells: plain data, the same for the peers in other languages.

export type Operation = 'get' | 'set' | 'getAll' | 'setAll' | 'iterate' | 'first' | 'soak'

/** What a client is to do. */
export interface Workload {
  readonly name: string
  /** For people: what is done. */
  readonly about: string
  readonly operation: Operation
  /** How many calls are under way at all times. */
  readonly concurrency: number
  /** Size of a value as JSON, roughly. */
  readonly valueBytes: number
  /** How many keys are used, one after the other. */
  readonly keys: number
  /** How many keys or entries a bulk call has, or how many entries are iterated over. */
  readonly entries: number
}

export interface Job {
  readonly address: string
  /** The map that holds the entries of the workload. */
  readonly mapName: string
  readonly workload: Workload
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Where the client is loaded from, for those that are loaded. */
  readonly module: string
}

/** What was measured. What does not apply to an operation is left out. */
export interface Result {
  readonly calls?: number
  readonly callsPerSecond?: number
  /** Processor time of the client's process for one call, or for one entry of an iteration, in microseconds. */
  readonly cpuMicros?: number
  readonly p50Millis?: number
  readonly p99Millis?: number
  /** The most memory that the process held, in MiB. */
  readonly peakMebibytes?: number
  /** How much of that came after the session was open, in MiB. */
  readonly growthMebibytes?: number
  readonly firstEntryMillis?: number
  /** From the start of the process to its first answer. */
  readonly wallMillis?: number
  readonly startCpuMillis?: number
}
