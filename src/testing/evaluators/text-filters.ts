// Filters that match the text of what is extracted with a pattern.
import { javaToString } from '../java/java-text'
import { JavaCharacter, type JavaObject } from '../java/java-value'
import { booleanMember, member, nullPointer, textMember, unreadable, type Table } from './agents'
import { ofExtracted, type Filter } from './filter'
import { compilePattern } from './java-pattern'

const NO_ESCAPE = '\0'
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g

export const TEXT_FILTERS: Table<Filter> = {
  'filter.LikeFilter': like,
  'filter.RegexFilter': regex,
}

/** Null is like nothing, and nothing is like null. */
function like(agent: JavaObject): Filter {
  const pattern = textMember(agent, 'value')
  const steps = pattern === null ? [] : stepsOf(pattern, escapeOf(agent))
  const ofAny = steps.length > 0 && steps.every((step) => step === ANY)
  const expression = new RegExp(`^(?:${steps.join('')})$`, booleanMember(agent, 'ignoreCase') ? 'i' : '')
  const filter = ofExtracted(
    agent,
    (extracted) => extracted !== null && expression.test(javaToString(extracted)),
  )
  if (pattern === null) return { accepts: () => false }
  // A query takes what any value is like without a look at it, even where there is none.
  return ofAny ? { ...filter, forQuery: () => true } : filter
}

const ANY = '[\\s\\S]*'
const ONE = '[\\s\\S]'

function stepsOf(pattern: string, escape: string): string[] {
  const steps: string[] = []
  let isEscaped = false
  // By code units, as a wildcard stands for one.
  for (const character of pattern.split('')) {
    if (isEscaped) {
      isEscaped = false
      steps.push(literal(character))
    } else if (character === escape) isEscaped = true
    else if (character === '%') steps.push(ANY)
    else steps.push(character === '_' ? ONE : literal(character))
  }
  if (isEscaped) throw unreadable()
  return steps
}

function literal(character: string): string {
  return character.replace(SPECIAL, '\\$&')
}

function escapeOf(agent: JavaObject): string {
  const escape = member(agent, 'escapeChar')
  if (escape === null) return NO_ESCAPE
  const text = escape instanceof JavaCharacter ? escape.value : escape
  if (typeof text !== 'string' || text.length !== 1) throw unreadable()
  return text
}

/** The whole text has to match. The text of null is `null`. */
function regex(agent: JavaObject): Filter {
  const pattern = member(agent, 'value')
  return ofExtracted(agent, (extracted) => {
    if (pattern === null) throw nullPointer('Cannot invoke "Object.toString()" because "value" is null')
    return compilePattern(javaToString(pattern)).matches(
      extracted === null ? 'null' : javaToString(extracted),
    )
  })
}
