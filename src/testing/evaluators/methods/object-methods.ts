// The methods that every Java object has, and those of what can be compared.
import { javaEquals } from '../../java/equality'
import { javaHashCode } from '../../java/hashing'
import { JavaException } from '../../java/java-exception'
import type { JavaValue } from '../../java/java-value'
import { javaCompare } from '../../java/ordering'
import { classOf } from '../../java/class-names'
import { javaToString } from '../../java/java-text'
import { method, type Methods } from './method'

export const OBJECT_METHODS: Methods<JavaValue> = {
  /** Clients see it as its name. */
  getClass: [method('', classOf)],
  hashCode: [method('', javaHashCode)],
  toString: [method('', (value: JavaValue) => javaToString(value))],
  equals: [method('o', (value: JavaValue, other: JavaValue) => javaEquals(value, other))],
  notify: [method('', withoutMonitor)],
  notifyAll: [method('', withoutMonitor)],
  wait: [method('', withoutMonitor)],
}

export const COMPARABLE_METHODS: Methods<JavaValue> = {
  compareTo: [method('o', javaCompare)],
}

function withoutMonitor(): never {
  throw new JavaException('java.lang.IllegalMonitorStateException', 'current thread is not owner')
}
