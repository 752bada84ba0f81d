// Failures as the server reports them. What fails where the entries are comes back wrapped, and without the exception.
import { JavaException } from '../java/java-exception'

const STORAGE_FAILURE =
  '(Wrapped: Failed request execution for PartitionedCache service on Member(Id=1, Timestamp=2025-01-01 00:00:00.0, ' +
  'Address=127.0.0.1:7574, MachineId=1, Location=process:1, Role=EmbeddedCoherence)) '

/** An exception where the entries are. */
export class StorageFailure extends Error {
  constructor(readonly exception: JavaException) {
    super(STORAGE_FAILURE + exception.message)
  }
}

/** What the proxy itself refuses, mostly without an exception of Java. */
export class StatusFailure extends Error {
  constructor(
    details: string,
    readonly exception?: JavaException,
  ) {
    super(`INTERNAL: ${details}`)
  }
}

/** What cannot be read, or printed, fails before or after, in the proxy itself. */
const BINDING_EXCEPTION = 'com.oracle.coherence.io.json.genson.JsonBindingException'

/** Runs what a member does that holds entries. */
export function onStorage<T>(task: () => T): T {
  try {
    return task()
  } catch (error) {
    const isWrapped = error instanceof JavaException && error.javaClass !== BINDING_EXCEPTION
    throw isWrapped ? new StorageFailure(error) : error
  }
}

/** The text of the error, and the exception where the server sends it. */
export function exceptionBytes(error: unknown): { message: string; exception: Buffer | undefined } {
  if (error instanceof StorageFailure) return { message: error.message, exception: undefined }
  if (error instanceof StatusFailure) {
    return { message: error.message, exception: error.exception && bytesOf(error.exception) }
  }
  if (error instanceof JavaException) {
    // As Java prints it: the text, and where there is none the class.
    return { message: error.text ?? error.javaClass, exception: bytesOf(error) }
  }
  return { message: String(error), exception: undefined }
}

function bytesOf({ javaClass, text }: JavaException): Buffer {
  const message = text === null ? {} : { message: text }
  const exception = { '@class': 'JsonPortableException', name: javaClass, ...message, stack: [] }
  return Buffer.from(`\u0015${JSON.stringify(exception)}`)
}
