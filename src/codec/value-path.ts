// Formats the path to a part of a value as JavaScript does: `value.items[3].price`.
import type { CodecRole } from './codec'

export type PathStep = string | number

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

export function pathText(role: CodecRole, steps: readonly PathStep[]): string {
  return role + steps.map(stepText).join('')
}

function stepText(step: PathStep): string {
  if (typeof step === 'number') return `[${step}]`
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
}
