// Whether a gRPC server is reached, found out without one of its methods.
import { Client, credentials, type ServiceError } from '@grpc/grpc-js'

/** The status of a call that no server implements: UNIMPLEMENTED where a server was reached. */
export async function statusOfCall(
  address: string,
  channel = credentials.createInsecure(),
  timeoutMs = 20_000,
): Promise<number> {
  const client = new Client(address, channel)
  const none = (): Buffer => Buffer.alloc(0)
  try {
    return await new Promise<number>((resolve) => {
      const answered = (error: ServiceError | null): void => resolve(error?.code ?? 0)
      client.makeUnaryRequest(
        '/no.Service/None',
        none,
        none,
        null,
        { deadline: Date.now() + timeoutMs },
        answered,
      )
    })
  } finally {
    client.close()
  }
}
