// The look-up of names, which IP addresses do not need, loaded when there is a name.
import type * as Dns from 'node:dns/promises'

export const deferred = {
  get dns(): typeof Dns {
    return require('node:dns/promises') as typeof Dns
  },
}
