// The results of all rounds, and what they say: medians for each client, and how two clients compare. Ratios are taken
// within a round, where both ran one right after the other, so that what disturbs the machine disturbs both.
import type { Result, Workload } from './measured/job'
import { type Spread, spreadOf } from './statistics'

export type Figure = keyof Result

interface Cell {
  readonly round: number
  readonly workload: string
  readonly client: string
  readonly result: Result
}

export class Measurements {
  readonly #cells: Cell[] = []

  add(round: number, workload: Workload, client: string, result: Result): void {
    this.#cells.push({ round, workload: workload.name, client, result })
  }

  /** Over all rounds; `undefined` where it was not measured. */
  figure(workload: Workload, client: string, figure: Figure): Spread | undefined {
    return spreadOf(this.#of(workload, client).flatMap(({ result }) => result[figure] ?? []))
  }

  /** How many times what `other` takes `client` takes, round by round. */
  ratio(workload: Workload, client: string, other: string, figure: Figure): Spread | undefined {
    const theirs = this.#of(workload, other)
    return spreadOf(
      this.#of(workload, client).flatMap(({ round, result }) => {
        const mine = result[figure]
        const their = theirs.find((cell) => cell.round === round)?.result[figure]
        return mine === undefined || their === undefined || their <= 0 ? [] : mine / their
      }),
    )
  }

  #of(workload: Workload, client: string): Cell[] {
    return this.#cells.filter((cell) => cell.workload === workload.name && cell.client === client)
  }
}
