// Lines up columns of text for people to read.

/** The rows under a heading, in columns as wide as they need to be; numbers are set to the right. */
export function textTable(
  heading: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length)),
  )
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        const text = String(cell)
        return /^-?[\d.]+$/.test(text) ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
