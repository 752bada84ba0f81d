// What this library runs of grpc-js, by file. The front of the package also loads servers, channels, name resolution and
// load balancing, which takes longer than everything else that a process does up to its first call. The bundle has this
// file in place of that front; the channel of grpc-js is loaded apart from it (grpc-js-channel.ts).
export { ConnectivityState as connectivityState } from '@grpc/grpc-js/build/src/connectivity-state'
export { Propagate as propagate, Status as status } from '@grpc/grpc-js/build/src/constants'
export { makeClientConstructor } from '@grpc/grpc-js/build/src/make-client'
export { Metadata } from '@grpc/grpc-js/build/src/metadata'
