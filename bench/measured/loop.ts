// Keeps a number of calls under way for a while and measures them.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { MeasuredClient } from './client'
import type { Result, Workload } from './job'
import { AGE, keyOf, person } from './values'

const MOST_SAMPLES = 2_000_000
const WARM_AFTER_CALLS = 10_000
/** As a multiple of its usual time. */
const LONGEST_WARM_UP = 4
const MEBIBYTE = 1024 * 1024

type Call = (number: number) => Promise<void>

/** Not by a flag of the process: with one, Node.js compiles its own modules anew, which takes 18 ms of a start. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

/** Calls that are counted one by one. */
export async function measureCalls(
  client: MeasuredClient,
  workload: Workload,
  warmUpSeconds: number,
  seconds: number,
): Promise<Result> {
  const call = callOf(client, workload)
  const growth = growthOfMemory()
  await warmUp(call, workload, warmUpSeconds)
  collectGarbage()
  const latencies = new Float64Array(MOST_SAMPLES)
  const cpu = process.cpuUsage()
  const start = performance.now()
  const calls = await keepCalling(call, workload.concurrency, seconds, latencies)
  const elapsed = (performance.now() - start) / 1_000
  const used = process.cpuUsage(cpu)
  const sorted = latencies.subarray(0, Math.min(calls, MOST_SAMPLES)).sort()
  return {
    calls,
    callsPerSecond: calls / elapsed,
    cpuMicros: (used.user + used.system) / calls,
    p50Millis: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99Millis: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    ...growth(),
  }
}

/** One pass over all entries, as a process does it that has not done so before. */
export async function measureIteration(client: MeasuredClient, workload: Workload): Promise<Result> {
  await client.get(keyOf(0, workload.keys))
  const growth = growthOfMemory()
  let entries = 0
  let firstEntryMillis = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  await client.iterate((value) => {
    if (entries === 0) firstEntryMillis = performance.now() - start
    if (value.age >= 0) entries += 1
  })
  const elapsed = (performance.now() - start) / 1_000
  const used = process.cpuUsage(cpu)
  if (entries !== workload.entries) throw new Error(`${entries} entries came instead of ${workload.entries}`)
  return {
    calls: entries,
    callsPerSecond: entries / elapsed,
    cpuMicros: (used.user + used.system) / entries,
    firstEntryMillis,
    ...growth(),
  }
}

/** A fixed number of calls; tells how much the heap grew after the first tenth of them. */
export async function measureSoak(client: MeasuredClient, workload: Workload): Promise<Result> {
  const call = callOf(client, { ...workload, operation: 'get' })
  let remaining = workload.entries / 10
  const worker = async (): Promise<void> => {
    while (remaining-- > 0) await call(remaining)
  }
  const run = (): Promise<unknown> => Promise.all(Array.from({ length: workload.concurrency }, worker))
  await run()
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const cpu = process.cpuUsage()
  remaining = (workload.entries / 10) * 9
  await run()
  const used = process.cpuUsage(cpu)
  collectGarbage()
  return {
    calls: workload.entries,
    cpuMicros: (used.user + used.system) / (workload.entries * 0.9),
    growthMebibytes: (process.memoryUsage().heapUsed - before) / MEBIBYTE,
  }
}

/**
 * By the number of calls, many of them at once: what is measured is a client that has run for a while, compiled by the
 * engine, also on a busy machine and where calls are made one at a time.
 */
async function warmUp(call: Call, { concurrency, entries }: Workload, seconds: number): Promise<void> {
  const end = performance.now() + LONGEST_WARM_UP * seconds * 1_000
  let calls = 0
  do {
    calls += await keepCalling(call, Math.max(concurrency, entries === 1 ? 64 : 1), seconds / 4, undefined)
  } while (calls * entries < WARM_AFTER_CALLS && performance.now() < end)
}

/** Returns the number of calls. Calls that are under way at the end are waited for, and count. */
async function keepCalling(
  call: Call,
  concurrency: number,
  seconds: number,
  latencies: Float64Array | undefined,
): Promise<number> {
  const end = performance.now() + seconds * 1_000
  let started = 0
  let finished = 0
  const worker = async (): Promise<void> => {
    for (let begin = performance.now(); begin < end;) {
      await call(started++)
      const now = performance.now()
      if (latencies !== undefined && finished < MOST_SAMPLES) latencies[finished] = now - begin
      finished += 1
      begin = now
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return finished
}

function callOf(client: MeasuredClient, { operation, keys, entries, valueBytes }: Workload): Call {
  switch (operation) {
    case 'get':
      return async (number) => {
        const value = await client.get(keyOf(number, keys))
        if (value?.age !== AGE) throw new Error(`A wrong value came: ${JSON.stringify(value)}`)
      }
    case 'set': {
      const value = person(valueBytes)
      return async (number) => {
        await client.set(keyOf(number, keys), value)
      }
    }
    case 'getAll':
      return async (number) => {
        const asked = Array.from({ length: entries }, (_, index) => keyOf(number * entries + index, keys))
        const found = await client.getAll(asked)
        if (found !== entries) throw new Error(`${found} values came instead of ${entries}`)
      }
    case 'setAll': {
      const value = person(valueBytes)
      return async (number) => {
        const pairs = new Map<string, typeof value>()
        for (let index = 0; index < entries; index++) pairs.set(keyOf(number * entries + index, keys), value)
        await client.setAll(pairs)
      }
    }
    case 'iterate':
    case 'first':
    case 'soak':
      throw new Error(`${operation} is no call to be repeated`)
  }
}

function growthOfMemory(): () => Pick<Result, 'peakMebibytes' | 'growthMebibytes'> {
  collectGarbage()
  const before = process.memoryUsage.rss()
  return () => {
    const peak = process.resourceUsage().maxRSS * 1024
    return { peakMebibytes: peak / MEBIBYTE, growthMebibytes: (peak - before) / MEBIBYTE }
  }
}
