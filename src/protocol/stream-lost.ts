// How the files of this folder report to each other that a stream cannot give an answer any more.

/** The stream ended before the answer, or the server forgot the cache on it; `cause` says why. */
export class StreamLost extends Error {
  /** Whether the request had left for the server. */
  readonly written: boolean

  constructor(cause: unknown, written: boolean) {
    super('The stream ended before the answer', { cause })
    this.written = written
  }
}
