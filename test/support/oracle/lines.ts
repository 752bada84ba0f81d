// The lines of a report: the first ones, and how many more there are.

const MOST_LINES = 200

export class Lines {
  readonly #first: string[] = []
  #more = 0

  get all(): readonly string[] {
    return this.#more === 0 ? this.#first : [...this.#first, `and ${this.#more} more`]
  }

  add(line: string): void {
    if (this.#first.length < MOST_LINES) this.#first.push(line)
    else this.#more += 1
  }
}
