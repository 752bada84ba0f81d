// Processors work on an entry: they read it, change it or remove it.
import { javaEquals } from '../java/equality'
import { JavaException } from '../java/java-exception'
import type { JavaObject, JavaValue } from '../java/java-value'
import {
  booleanMember,
  evaluatorOf,
  listMember,
  member,
  memberEvaluator,
  memberEvaluators,
  nullPointer,
  textMember,
  unreadable,
  type Table,
} from './agents'
import { product, sum, zeroLike } from './processors/arithmetic'
import { CACHE_PROCESSORS } from './processors/cache-processors'
import type { MutableEntry } from './entry'
import { extractorMember } from './extractors'
import { filterMember } from './filters'
import { invoke } from './invocation'
import { sendable } from './methods/views'
import { asNumber, isNumber, type JavaNumber } from './numbers'
import type { Processor } from './processors/processor'
import { PUTTING_PROCESSORS } from './processors/putting-processors'
import { manipulatorMember, updaterMember } from './processors/updaters'

export type { Processor } from './processors/processor'

const PROCESSORS: Table<Processor> = {
  ...PUTTING_PROCESSORS,
  ...CACHE_PROCESSORS,
  'processor.ExtractorProcessor': (agent) => {
    const extractor = extractorMember(agent)
    return { process: (entry) => sendable(extractor.extract(entry)) }
  },
  'processor.CompositeProcessor': (agent) => {
    const processors = memberEvaluators(PROCESSORS, agent, 'processors') ?? []
    return { process: (entry) => processors.map((one) => one.process(entry) ?? null) }
  },
  'processor.ConditionalProcessor': (agent) => {
    const filter = filterMember(agent)
    const processor = processorMember(agent)
    return { process: (entry) => (filter.accepts(entry) ? (processor.process(entry) ?? null) : undefined) }
  },
  'processor.NumberIncrementor': (agent) => arithmetic(agent, 'increment', 'postInc', sum, true),
  'processor.NumberMultiplier': (agent) =>
    arithmetic(agent, 'multiplier', 'postMultiplication', product, false),
  'processor.UpdaterProcessor': update,
  'processor.MethodInvocationProcessor': methodInvocation,
  'processor.PriorityProcessor': (agent) => processorMember(agent),
  'processor.PreloadRequest': () => ({ process: () => undefined }),
  'processor.TouchProcessor': () => ({ process: () => null }),
  'util.NullEntryProcessor': () => ({ process: () => true }),
  'processor.ScriptProcessor': () => ({
    process: () => {
      throw new JavaException('java.lang.NoClassDefFoundError', 'org/graalvm/polyglot/Context')
    },
  }),
  'processor.PropertyProcessor': () => {
    throw unreadable()
  },
}

export function toProcessor(agent: JavaValue): Processor {
  return evaluatorOf(PROCESSORS, 'com.tangosol.util.InvocableMap$EntryProcessor', agent)
}

function processorMember(agent: JavaObject): Processor {
  return memberEvaluator(PROCESSORS, agent, 'processor') ?? MISSING
}

const MISSING: Processor = {
  process: () => {
    throw nullPointer(
      'Cannot invoke "InvocableMap$EntryProcessor.process(Entry)" because "this.m_processor" is null',
    )
  },
}

/** Without an entry nothing happens. A missing number counts as zero in the type of the other number.
 * A product that is the old number is not stored. */
function arithmetic(
  agent: JavaObject,
  operand: string,
  returnsOld: string,
  compute: (old: JavaNumber, operand: JavaNumber) => JavaNumber,
  alwaysSets: boolean,
): Processor {
  const manipulator = manipulatorMember(agent)
  const number = primitiveNumber(member(agent, operand))
  const isOldReturned = booleanMember(agent, returnsOld)
  return {
    process(entry) {
      if (!entry.isPresent) return null
      if (number === null) throw new JavaException('java.lang.IllegalArgumentException', 'There is no number')
      const read = manipulator === undefined ? entry.value : manipulator.read(entry)
      const old = read === null ? zeroLike(number) : asNumber(read)
      const computed = compute(old, number)
      if (alwaysSets || !javaEquals(computed, old)) {
        entry.setValue(manipulator === undefined ? computed : manipulator.update(entry.value, computed))
      }
      return isOldReturned ? old : computed
    },
  }
}

/** The server reads a plain number only. */
function primitiveNumber(value: JavaValue): JavaNumber | null {
  if (value === null) return null
  if (
    !isNumber(value) ||
    (typeof value === 'object' && !('value' in value && typeof value.value === 'number'))
  ) {
    throw unreadable()
  }
  return value
}

function update(agent: JavaObject): Processor {
  const updater = updaterMember(agent)
  const value = member(agent, 'value')
  return {
    process(entry) {
      if (updater === undefined) entry.setValue(value)
      else if (!entry.isPresent) return false
      else entry.setValue(updater(entry.value, value))
      return true
    },
  }
}

function methodInvocation(agent: JavaObject): Processor {
  const name = textMember(agent, 'methodName')
  const args = listMember(agent, 'args')
  const isMutator = booleanMember(agent, 'mutator')
  if (name === null) throw unreadable()
  if (args === undefined) throw nullPointer('Cannot read the array length because "this.m_aoArgs" is null')
  return { process: (entry) => call(entry, name, args, isMutator) }
}

function call(entry: MutableEntry, name: string, args: readonly JavaValue[], isMutator: boolean): JavaValue {
  const { value } = entry
  if (!entry.isPresent || value === null) return null
  const { result, target } = invoke(value, name, args, `.${name}()`)
  if (isMutator && target !== value) entry.setValue(target)
  return sendable(result)
}
