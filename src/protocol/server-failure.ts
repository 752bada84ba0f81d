// Reads the text of a failure on the server, which is often all that servers send. Texts differ between releases, so the result is
// for people and decides nothing, except for `cannotAnswer`.
import { ServerError } from '../errors'

/** What went wrong on the server, for people. */
export interface ServerFailure {
  /** The innermost reason, in one line. */
  readonly cause: string
  /** The class of the Java exception; `undefined` if the server does not name it. */
  readonly javaClass: string | undefined
  /** Advice for a common failure; `undefined` for others. */
  readonly advice: string | undefined
}

const LONGEST_CAUSE = 400
/** More of a text is not looked at: to take wrappers off takes time that grows with the square of its length. */
const LONGEST_TEXT = 32 * 1024

/** `javaClass` is what the server says beside the text, if it does. */
export function serverFailure(text: string, javaClass?: string): ServerFailure {
  const innermost = unwrapped(text.slice(0, LONGEST_TEXT))
  const named = javaClass !== undefined && !WRAPPER.test(javaClass) ? javaClass : undefined
  const known = named ?? classIn(innermost) ?? javaClass
  const cause = shortened(innermost.replace(MODULES, '').replaceAll(/\s+/g, ' ').trim())
  return {
    cause: cause === '' || cause === 'null' ? (known ?? 'The server tells no reason') : cause,
    javaClass: known,
    advice: adviceOn(innermost),
  }
}

/** The server could not print the answer, and has done nothing: some servers never can for some requests. */
export function cannotAnswer(error: unknown): boolean {
  return error instanceof ServerError && error.serverMessage.includes('Failed to serialize object')
}

/** Classes of exceptions that only carry another one. */
const WRAPPER = /\.(?:WrapperException|CompletionException|ExecutionException|RequestIncompleteException)$/

/** What each layer of the server puts before the text of an exception. */
const STATUS =
  /^(?:io\.grpc\.StatusRuntimeException: )?(?:INTERNAL|INVALID_ARGUMENT|FAILED_PRECONDITION|UNIMPLEMENTED|UNKNOWN): (?=\S)/
const PORTABLE = /^Portable\(([\w.$]+)\)(?:: )?/
const MEMBER = /^\(Wrapped: Failed request execution for .*? service on Member\([^)]*\)\)*\s*/s

/** Where the JVM found the two classes of a cast, which tells nobody anything. */
const MODULES = / \([\w.$]+ (?:is|and [\w.$]+ are) in (?:unnamed )?module [^()]*\)$/

const CLASS_NAME = /^(?:Exception )?((?:[\w$]+\.)*[A-Z][\w$]*(?:Exception|Error))(?=$|:)/
const CAST = /^class (\S+) cannot be cast to class (\S+)/

/** Without the exceptions around the first one, of which the outermost names the member and its address. */
function unwrapped(text: string): string {
  let rest = text.trim()
  for (;;) {
    const bare = rest.replace(STATUS, '').replace(PORTABLE, (_match, name: string) => `${name}: `)
    const inner = afterWrapper(bare)
    if (inner === undefined) return bare.replace(/: $/, '')
    rest = inner
  }
}

/** What follows `(Wrapped: …)`; `undefined` where the text does not begin like this, or nothing follows. */
function afterWrapper(text: string): string | undefined {
  if (!text.startsWith('(Wrapped')) return undefined
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth += 1
    else if (text[at] === ')') depth -= 1
    if (depth > 0) continue
    const rest = text.slice(at + 1).trim()
    return rest === '' ? undefined : rest
  }
  // Texts of exceptions need not close what they open.
  const rest = text.replace(MEMBER, '')
  return rest === text ? undefined : rest
}

function classIn(text: string): string | undefined {
  // What the JVM says where a cast fails, and nobody else does.
  if (CAST.test(text)) return 'java.lang.ClassCastException'
  return CLASS_NAME.exec(text)?.[1]
}

function shortened(text: string): string {
  return text.length > LONGEST_CAUSE ? `${text.slice(0, LONGEST_CAUSE)}…` : text
}

/** What the server wants to have, by the last name of its class. */
const WANTED: Readonly<Record<string, string>> = {
  Filter: 'a filter',
  EntryFilter: 'a filter',
  EntryProcessor: 'an entry processor',
  EntryAggregator: 'an aggregator',
  StreamingAggregator: 'an aggregator',
  ValueExtractor: 'an extractor',
  ValueUpdater: 'an updater',
  ValueManipulator: 'a manipulator',
  Comparator: 'a comparator',
}

function adviceOn(cause: string): string | undefined {
  const [, from = '', to = ''] = CAST.exec(cause) ?? []
  if (from !== '') return adviceOnCast(from, to)
  const [, unknown] = /^Unable to find matching type or package alias for (\S+)/.exec(cause) ?? []
  if (unknown !== undefined) {
    return `the server has no class for '@class' '${shortened(unknown)}': check the name, or register the class there with an alias`
  }
  if (/ClassNotFoundException|NoClassDefFoundError/.test(cause)) {
    return 'the class is missing on the server: add it to the class path of every member'
  }
  if (cause.startsWith('Could not deserialize to type')) {
    return (
      "the server knows no class by the name in an '@class' of the request, or the class takes no such fields: " +
      'check both; a class of your own has to be registered there with an alias'
    )
  }
  if (cause.includes('security hardened mode')) {
    return "the server takes only registered classes: use the alias of the class in '@class', or register one there"
  }
  if (cause.startsWith('Missing or inaccessible method:')) {
    return 'a value of that class has no such member: a path has to fit all values that the call is for'
  }
  return undefined
}

function adviceOnCast(from: string, to: string): string {
  const wanted = WANTED[to.split(/[.$]/).at(-1) ?? '']
  if (wanted === undefined) {
    return (
      'the server compares and computes with values of one kind only, and whole numbers and fractions are two kinds: ' +
      'keep values of one kind in a member'
    )
  }
  // An object of a class that the server does not know.
  return from.endsWith('.JsonObject')
    ? `the server does not know the class as ${wanted}: check the name in its '@class', or register the class there with an alias`
    : `${wanted} is needed here: what was passed is of another kind`
}
