// The request that adds a listener to a cache, or removes one.
import { toEventFilter } from '../evaluators/event-filters'
import { JavaException } from '../java/java-exception'
import { identityText } from '../java/json-printer'
import { JavaObject, type JavaValue } from '../java/java-value'
import { identityOf, toStored } from '../store/stored-value'
import type { CacheRequest } from './cache-request'
import type { CacheView } from './cache-view'
import { StatusFailure } from './errors'
import { readOptional, readValue } from './json-bytes'
import { MapListenerRequest } from './messages'

type ListenerMessage = ReturnType<typeof MapListenerRequest.decode>

const IN_KEY_SET = 'filter.InKeySetFilter'
const ALWAYS = new JavaObject('filter.AlwaysFilter', new Map())

export function changeListener(request: CacheRequest): void {
  const { view } = request
  if (view === undefined) return
  const message = request.unpack(MapListenerRequest)
  if (message.trigger.length > 0) {
    throw new JavaException(
      'java.lang.UnsupportedOperationException',
      'The embedded server has no triggers: use a real one',
    )
  }
  const which = message.keyOrFilter?.keyOrFilter
  if (which?.$case === 'key') changeKeyListener(view, readValue(which.value), message)
  else changeFilterListener(view, readOptional(which?.value) ?? ALWAYS, message)
  request.complete()
}

function changeKeyListener(view: CacheView, key: JavaValue, message: ListenerMessage): void {
  const stored = toStored(key)
  const id = identityOf(stored)
  if (!message.subscribe) {
    view.removeKey(id, message.priming)
    return
  }
  const registration = { isLite: message.lite, isPriming: message.priming }
  const again = view.addKey(id, registration)
  if (message.priming) view.prime(stored, view.cache.get(id)?.value, again)
}

function changeFilterListener(view: CacheView, filter: JavaValue, message: ListenerMessage): void {
  if (message.filterId <= 0n) throw new StatusFailure('')
  const keys = keySetOf(filter)
  if (message.priming && keys === undefined) {
    const text = 'Priming listeners are only supported with InKeySetFilter'
    throw new StatusFailure(text, new JavaException('java.lang.UnsupportedOperationException', text))
  }
  const identity = `${message.priming ? 'priming' : 'plain'} ${identityText(filter)}`
  if (!message.subscribe) {
    view.removeFilter(identity)
    return
  }
  const registration = { isLite: message.lite, isPriming: message.priming }
  view.addFilter({ ...registration, identity, filter: toEventFilter(filter), filterId: message.filterId })
  if (!message.priming || keys === undefined) return
  for (const stored of keys.map(toStored)) {
    view.prime(stored, view.cache.get(identityOf(stored))?.value, false)
  }
}

/** The keys of the filter where it is one of keys. */
function keySetOf(filter: JavaValue): readonly JavaValue[] | undefined {
  if (!(filter instanceof JavaObject) || filter.className !== IN_KEY_SET) return undefined
  const keys = filter.members.get('keys')
  return Array.isArray(keys) ? (keys as readonly JavaValue[]) : []
}
