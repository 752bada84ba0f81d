// Tables for people: columns as wide as they need to be.
import { textTable } from '../../../scripts/text-table'

describe('a table', () => {
  it('sets text to the left and numbers to the right', () => {
    expect(
      textTable(
        ['name', 'stock', 'EUR'],
        [
          ['Hand grinder', 5, '89.00'],
          ['Tea', 120, '9.50'],
        ],
      ),
    ).toBe(
      [
        'name          stock  EUR',
        '------------  -----  -----',
        'Hand grinder      5  89.00',
        'Tea             120   9.50',
      ].join('\n'),
    )
  })

  it('has a heading also without rows', () => {
    expect(textTable(['name'], [])).toBe('name\n----')
  })
})
