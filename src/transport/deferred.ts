// The channel of grpc-js, which few sessions need, loaded when one does. It is a third of the code; the bundle has it in
// a file of its own.
import type * as GrpcJsChannel from './grpc-js-channel'

export const deferred = {
  get grpcJsChannel(): typeof GrpcJsChannel {
    return require('./grpc-js-channel') as typeof GrpcJsChannel
  },
}
