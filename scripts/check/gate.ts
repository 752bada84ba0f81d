// What a gate of `npm run check` is.
import { runTool, type ToolResult } from '../run-tool'

export interface Verdict {
  /** What is wrong; nothing lets the gate pass. */
  readonly failures: readonly string[]
  /** What a person should know all the same, such as what was skipped. */
  readonly notes?: readonly string[]
}

export interface Gate {
  readonly name: string
  /** Looks at what the build made, so it comes after it. */
  readonly needsBuild?: boolean
  /** With `part` it looks at that alone, where it has parts. */
  examine(part?: string): Promise<Verdict>
}

/** A gate that is one run of a tool, which fails with a status other than 0. */
export function toolGate(name: string, packageName: string, command: string, args: readonly string[]): Gate {
  return { name, examine: async () => verdictOf(await runTool(packageName, command, args)) }
}

/** A tool that looks at each file by itself: at all of them, or as a part of the gate at one. */
export function filesGate(name: string, command: string, args: readonly string[]): Gate {
  return { name, examine: async (file = '.') => verdictOf(await runTool(command, command, [...args, file])) }
}

export function verdictOf({ status, output }: ToolResult): Verdict {
  return {
    failures: status === 0 ? [] : [output.trim() === '' ? `exit status ${String(status)}` : output.trim()],
  }
}
