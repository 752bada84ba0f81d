// What few values need, loaded when one does. The bundle has it in a file of its own.
import type * as JsonWriter from './json-writer'

export const deferred = {
  get jsonWriter(): typeof JsonWriter {
    return require('./json-writer') as typeof JsonWriter
  },
}
