// Medians and spreads over rounds.

export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

/** `undefined` where there are no numbers. */
export function spreadOf(numbers: readonly number[]): Spread | undefined {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)]
  const lower = sorted[Math.ceil(middle) - 1]
  if (upper === undefined || lower === undefined) return undefined
  return { median: (upper + lower) / 2, lowest: sorted[0] ?? upper, highest: sorted.at(-1) ?? upper }
}

/** Three digits are what can be told apart. */
export function shortNumber(number: number): string {
  if (number === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number))))
  return number.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits })
}
