// Random values, other forms of them that are equal to a user, and values that differ from them.
import fc from 'fast-check'
import type { Random } from '../../support/random'

type Members = Record<string, unknown>

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'note', '0', '17', 'é', 'x=1, y', '__proto__', 'size()', 'a.b'),
  fc.string({ maxLength: 3 }).filter((text) => !text.startsWith('@')),
)
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constantFrom('1', 'true', 'null', '1.5', 'é', ', b=1', '{}', '[1]', '\u2028'),
)
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 1000, noNaN: true }),
  fc.constantFrom(-0, 2 ** 53, 1e21, 0.1, 19.99),
)
const integer = fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }))
const decimal = fc.constantFrom('1.50', '-3').map((digits) => ({ '@class': 'math.BigDec', value: digits }))
const date = fc.constant({ '@class': 'java.time.LocalDate', year: 2024, month: 2, day: 29 })

/** Values of all kinds, with members and elements that are null, and numbers of all lengths. */
export const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    text,
    number,
    integer,
    decimal,
    date,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

/** The same value, with its members in another order, and with other members that are null. */
export function otherForm(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((element) => otherForm(element, random))
  if (!isObject(value) || '@class' in value) return value
  const members = Object.entries(value).filter(([, member]) => member !== null || random.chance(0.5))
  for (const added of ['note', 'z', 'é']) {
    if (!Object.hasOwn(value, added) && random.chance(0.3)) members.push([added, null])
  }
  const shuffled = members
    .map((member) => ({ member, place: random.below(1_000) }))
    .sort((one, other) => one.place - other.place)
  return fromMembers(shuffled.map(({ member: [key, member] }) => [key, otherForm(member, random)]))
}

/** A value that differs in one place: a part is another, or a member that is not null is added or gone. */
export function otherValue(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.9)) {
    const at = random.below(value.length)
    return value.map((element, index) => (index === at ? otherValue(element, random) : element) as unknown)
  }
  if (!isObject(value) || '@class' in value) return otherLeaf(value, random)
  const present = Object.keys(value).filter((key) => value[key] !== null)
  if (present.length === 0 || random.chance(0.2)) return { ...value, added: random.of([0, '', false, []]) }
  const chosen = random.of(present)
  if (random.chance(0.3)) return fromMembers(Object.entries(value).filter(([key]) => key !== chosen))
  const members = Object.entries(value)
  return fromMembers(
    members.map(([key, member]) => [key, key === chosen ? otherValue(member, random) : member]),
  )
}

function otherLeaf(value: unknown, random: Random): unknown {
  if (typeof value === 'string') return random.of<unknown>([`${value}x`, [value], value === '' ? 0 : ''])
  if (typeof value === 'number')
    return random.of<unknown>([value === 7 ? 8 : 7, String(value), [value], -value || 1])
  if (typeof value === 'bigint') {
    return random.of<unknown>([
      value + 1n,
      String(value),
      Number.isSafeInteger(Number(value)) ? Number(value) : 1,
    ])
  }
  if (typeof value === 'boolean') return random.of<unknown>([!value, String(value), Number(value)])
  return random.of<unknown>([[value], 'other', 1.5])
}

/** Also where a name is `__proto__`. */
function fromMembers(members: readonly (readonly [string, unknown])[]): Members {
  return Object.fromEntries(members)
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
