// A model of how the server reads a number with a fraction or an exponent, written after 160,000 numbers that were sent
// to Coherence 24.09 and 25.03.2: it collects digits into a 64-bit integer, then multiplies or divides once.

const NUMBER = /^(?<sign>-?)0*(?<whole>\d*)(?:\.(?<zeros>0*)(?<fraction>\d*))?(?:e(?<exponent>[+-]?\d+))?$/i

export function asServerReads(text: string): number {
  const { sign = '', whole = '', zeros = '', fraction = '', exponent = '0' } = NUMBER.exec(text)?.groups ?? {}
  if (text === '' || !NUMBER.test(text)) throw new SyntaxError(`"${text}" is not a number`)
  const taken = whole.slice(0, Number(whole.slice(0, 19)) > 2 ** 63 ? 18 : 19)
  const ignored = whole.length - taken.length
  if (whole.length >= 18 && ignored === 0) throw new RangeError(`The server misreads ${text}`)
  const decimals = (whole === '' ? fraction : zeros + fraction).slice(0, Math.max(0, 18 - whole.length))
  const skipped = whole === '' ? zeros.length : 0
  const power = Number(exponent) + ignored - decimals.length - skipped
  const read = timesPowerOfTen(Number(taken + decimals), power)
  return sign === '-' ? -read : read
}

function timesPowerOfTen(integer: number, power: number): number {
  if (power >= 0) return integer * Number(`1e${power}`)
  if (power < -308) return integer / Number(`1e${-power - 308}`) / 1e308
  return integer / Number(`1e${-power}`)
}
