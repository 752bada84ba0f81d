// What is published of requests on the channels of node:diagnostics_channel.
import { tracingChannel } from 'node:diagnostics_channel'
import type { RequestMessage } from '../../src/calls/diagnostics'

export interface PublishedRequest {
  readonly event: 'start' | 'error' | 'asyncEnd'
  /** The message as it was then. */
  readonly message: RequestMessage
}

/** Resolves to what is published while `run` runs, in order. */
export async function publishedDuring(run: () => unknown): Promise<PublishedRequest[]> {
  const requests = tracingChannel<string, RequestMessage>('coherence-ts:request')
  const published: PublishedRequest[] = []
  const note = (event: PublishedRequest['event']) => (message: RequestMessage) =>
    void published.push({ event, message: { ...message } })
  const subscribers = {
    start: note('start'),
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  }
  requests.subscribe(subscribers)
  try {
    await run()
  } finally {
    requests.unsubscribe(subscribers)
  }
  return published
}

/** The messages of the requests that have ended. */
export function endedOf(published: readonly PublishedRequest[]): RequestMessage[] {
  return published.flatMap(({ event, message }) => (event === 'asyncEnd' ? [message] : []))
}
