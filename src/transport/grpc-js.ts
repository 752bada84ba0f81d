// Exports the parts of grpc-js that this library uses, each from its own file. The main module of the package also
// loads servers, channels, name resolution and load balancing, which takes longer than all other work up to the first
// call. The bundle has this file instead of the main module; the channel of grpc-js is loaded separately
// (grpc-js-channel.ts).
export { ConnectivityState as connectivityState } from '@grpc/grpc-js/build/src/connectivity-state'
export { Propagate as propagate, Status as status } from '@grpc/grpc-js/build/src/constants'
export { makeClientConstructor } from '@grpc/grpc-js/build/src/make-client'
export { Metadata } from '@grpc/grpc-js/build/src/metadata'
