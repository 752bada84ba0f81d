// Sums and products as the processors make them: in the type of the number that is there.
import { add } from '../../java/decimals'
import { JavaBigDecimal, JavaBigInteger, JavaDouble, type JavaValue } from '../../java/java-value'
import { castFailure } from '../agents'
import {
  doubleToInt,
  doubleToLong,
  toDouble,
  toInt,
  toLong,
  wrapInt,
  wrapLong,
  type JavaNumber,
} from '../numbers'

/** Zero in the type of a number: what a missing number counts as. */
export function zeroLike(number: JavaNumber): JavaNumber {
  if (typeof number === 'number') return 0
  if (typeof number === 'bigint') return 0n
  if (number instanceof JavaDouble) return new JavaDouble(0)
  return number instanceof JavaBigInteger ? new JavaBigInteger(0n) : new JavaBigDecimal(0n, 0)
}

/** Integers wrap around; the other number loses its fraction where the first has none. */
export function sum(old: JavaNumber, increment: JavaNumber): JavaNumber {
  if (typeof old === 'number') return wrapInt(BigInt(old) + BigInt(toInt(increment)))
  if (typeof old === 'bigint') return wrapLong(old + toLong(increment))
  if (old instanceof JavaDouble) return new JavaDouble(old.value + toDouble(increment))
  if (old instanceof JavaBigInteger) return new JavaBigInteger(old.value + asBigInteger(increment).value)
  return add(old, asBigDecimal(increment))
}

/** An integer times a Double is the integer part of the product. */
export function product(old: JavaNumber, factor: JavaNumber): JavaNumber {
  if (typeof old === 'number') {
    if (factor instanceof JavaDouble) return doubleToInt(old * factor.value)
    return wrapInt(BigInt(old) * BigInt(toInt(factor)))
  }
  if (typeof old === 'bigint') {
    if (factor instanceof JavaDouble) return doubleToLong(Number(old) * factor.value)
    return wrapLong(old * toLong(factor))
  }
  if (old instanceof JavaDouble) return new JavaDouble(old.value * toDouble(factor))
  if (old instanceof JavaBigInteger) return new JavaBigInteger(old.value * asBigInteger(factor).value)
  const { unscaled, scale } = asBigDecimal(factor)
  return new JavaBigDecimal(old.unscaled * unscaled, old.scale + scale)
}

function asBigInteger(value: JavaValue): JavaBigInteger {
  if (value instanceof JavaBigInteger) return value
  throw castFailure(value, 'java.math.BigInteger')
}

function asBigDecimal(value: JavaValue): JavaBigDecimal {
  if (value instanceof JavaBigDecimal) return value
  throw castFailure(value, 'java.math.BigDecimal')
}
