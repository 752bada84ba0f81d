// Numbers in a row, and all that is read one by one.

/** The integers from `begin` on and below `end`. */
export function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, index) => begin + index)
}

export async function allOf<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const element of elements) all.push(element)
  return all
}
