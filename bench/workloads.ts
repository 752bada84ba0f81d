// What is measured, as data. A new workload is a row here.
import type { Workload } from './measured/job'

export type { Workload } from './measured/job'

const SMALL = { valueBytes: 100, keys: 10_000, entries: 1 }
const LARGE = { valueBytes: 100_000, keys: 100, entries: 1 }

export const WORKLOADS: readonly Workload[] = [
  { name: 'get-1', about: 'get, one at a time', operation: 'get', concurrency: 1, ...SMALL },
  { name: 'get-64', about: 'get, 64 concurrent', operation: 'get', concurrency: 64, ...SMALL },
  { name: 'get-256', about: 'get, 256 concurrent', operation: 'get', concurrency: 256, ...SMALL },
  { name: 'get-10000', about: 'get, 10,000 concurrent', operation: 'get', concurrency: 10_000, ...SMALL },
  { name: 'set-1', about: 'set, one at a time', operation: 'set', concurrency: 1, ...SMALL },
  { name: 'set-64', about: 'set, 64 concurrent', operation: 'set', concurrency: 64, ...SMALL },
  { name: 'set-256', about: 'set, 256 concurrent', operation: 'set', concurrency: 256, ...SMALL },
  {
    name: 'get-all',
    about: 'getAll of 100 keys, 4 concurrent',
    operation: 'getAll',
    concurrency: 4,
    ...SMALL,
    entries: 100,
  },
  {
    name: 'set-all',
    about: 'setAll of 1,000 entries, one at a time',
    operation: 'setAll',
    concurrency: 1,
    ...SMALL,
    entries: 1_000,
  },
  {
    name: 'iterate',
    about: 'iterating over 100,000 entries (CPU per entry)',
    operation: 'iterate',
    concurrency: 1,
    ...SMALL,
    keys: 100_000,
    entries: 100_000,
  },
  {
    name: 'first',
    about: 'a fresh process up to its first answer',
    operation: 'first',
    concurrency: 1,
    ...SMALL,
  },
  {
    name: 'get-1kb',
    about: 'get of 1 KB, 64 concurrent',
    operation: 'get',
    concurrency: 64,
    valueBytes: 1_000,
    keys: 1_000,
    entries: 1,
  },
  {
    name: 'set-1kb',
    about: 'set of 1 KB, 64 concurrent',
    operation: 'set',
    concurrency: 64,
    valueBytes: 1_000,
    keys: 1_000,
    entries: 1,
  },
  { name: 'get-100kb', about: 'get of 100 KB, 8 concurrent', operation: 'get', concurrency: 8, ...LARGE },
  { name: 'set-100kb', about: 'set of 100 KB, 8 concurrent', operation: 'set', concurrency: 8, ...LARGE },
  {
    name: 'hot-get',
    about: 'get of one key, 64 concurrent',
    operation: 'get',
    concurrency: 64,
    ...SMALL,
    keys: 1,
  },
  {
    name: 'hot-set',
    about: 'set of one key, 64 concurrent',
    operation: 'set',
    concurrency: 64,
    ...SMALL,
    keys: 1,
  },
]

/** Run only when asked for by name: they take long. */
export const LONG_WORKLOADS: readonly Workload[] = [
  {
    name: 'soak',
    about: 'a million gets, 256 concurrent (growth of the heap)',
    operation: 'soak',
    concurrency: 256,
    ...SMALL,
    entries: 1_000_000,
  },
]

export const QUICK_WORKLOADS = ['get-1', 'get-256', 'set-256', 'get-all', 'first']

/** One map for each set of entries. */
export function mapNameOf({ valueBytes, keys }: Workload): string {
  return `bench-${valueBytes}-${keys}`
}
