// What keeps this process alive: sockets, servers, processes, timers. Whoever runs code that has to close what it opens
// looks before and afterwards.
import { setTimeout as delay } from 'node:timers/promises'

/** What a closed thing takes to be gone: its close is often reported a turn of the event loop or more later. */
const GRACE_MS = 3_000
const POLL_MS = 20

/** What jest itself opens and closes while a test file runs. */
const OF_JEST = new Set([
  'FSReqCallback',
  'FSReqPromise',
  'CloseReq',
  'WriteWrap',
  'ShutdownWrap',
  'Immediate',
])

/** How many of each kind. */
export type OpenResources = ReadonlyMap<string, number>

/** What keeps the process alive now. */
export function openResources(): OpenResources {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (!OF_JEST.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

/** What is open still that was not open `before`, such as `2 Timeout`, after a moment to be gone. */
export async function leftOpen(before: OpenResources): Promise<string[]> {
  const deadline = performance.now() + GRACE_MS
  for (;;) {
    const left = [...openResources()].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0)
      return more > 0 ? [`${more} ${kind}`] : []
    })
    if (left.length === 0 || performance.now() > deadline) return left
    await delay(POLL_MS)
  }
}
