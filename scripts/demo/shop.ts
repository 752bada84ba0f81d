// The data of the demo: what a small shop keeps in its caches.

export interface Product {
  readonly name: string
  readonly category: 'coffee' | 'tea' | 'equipment'
  readonly cents: number
  readonly stock: number
}

export interface Order {
  readonly customer: string
  readonly product: string
  readonly quantity: number
}

export const PRODUCTS: readonly (readonly [string, Product])[] = [
  ['C-100', { name: 'Espresso beans, 1 kg', category: 'coffee', cents: 1_890, stock: 40 }],
  ['C-200', { name: 'Filter coffee, 500 g', category: 'coffee', cents: 990, stock: 75 }],
  ['T-100', { name: 'Earl Grey, 250 g', category: 'tea', cents: 1_250, stock: 22 }],
  ['T-200', { name: 'Genmaicha, 100 g', category: 'tea', cents: 1_100, stock: 3 }],
  ['E-100', { name: 'Hand grinder', category: 'equipment', cents: 8_900, stock: 6 }],
]

export const ORDERS: readonly (readonly [number, Order])[] = [
  [1, { customer: 'Amara', product: 'C-100', quantity: 2 }],
  [2, { customer: 'Bjørn', product: 'T-200', quantity: 3 }],
  [3, { customer: 'Chen', product: 'C-200', quantity: 10 }],
  [4, { customer: 'Amara', product: 'E-100', quantity: 1 }],
]

export function euros(cents: number): string {
  return (cents / 100).toFixed(2)
}
