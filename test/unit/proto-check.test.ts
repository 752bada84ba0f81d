// Proves that the comparison of two wire contracts finds every kind of difference.
import { clearField, clone, create, fromJson } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProtoSchema,
  FieldDescriptorProto_Type,
  FieldOptionsSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt'
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  FileDescriptorSet,
  MethodDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { compareContracts, contractOf, describeDifference } from '../../scripts/proto-check/contract'
import { exceptFor } from '../../scripts/proto-check/exceptions'
import { EXCEPTIONS_22_06_8 } from '../../scripts/proto-check/exceptions-22-06-8'

// package toy;
// message Sale {
//   optional string buyer = 1; string item = 2; repeated int32 sizes = 3; map<string, Sale> parts = 6;
//   oneof price { int64 cents = 4; Sale trade = 5; }
//   enum State { OPEN = 0; DONE = 1; }
// }
// message Unit {}
// service Shop { rpc sell(Sale) returns (Sale); }
const TOY: FileDescriptorSet = fromJson(FileDescriptorSetSchema, {
  file: [
    {
      name: 'toy.proto',
      package: 'toy',
      syntax: 'proto3',
      messageType: [
        {
          name: 'Sale',
          field: [
            { name: 'buyer', number: 1, ...singular('TYPE_STRING'), oneofIndex: 1, proto3Optional: true },
            { name: 'item', number: 2, ...singular('TYPE_STRING') },
            { name: 'sizes', number: 3, type: 'TYPE_INT32', label: 'LABEL_REPEATED' },
            { name: 'cents', number: 4, ...singular('TYPE_INT64'), oneofIndex: 0 },
            { name: 'trade', number: 5, ...singular('TYPE_MESSAGE'), typeName: '.toy.Sale', oneofIndex: 0 },
            {
              name: 'parts',
              number: 6,
              type: 'TYPE_MESSAGE',
              typeName: '.toy.Sale.PartsEntry',
              label: 'LABEL_REPEATED',
            },
          ],
          oneofDecl: [{ name: 'price' }, { name: '_buyer' }],
          nestedType: [
            {
              name: 'PartsEntry',
              field: [
                { name: 'key', number: 1, ...singular('TYPE_STRING') },
                { name: 'value', number: 2, ...singular('TYPE_MESSAGE'), typeName: '.toy.Sale' },
              ],
              options: { mapEntry: true },
            },
          ],
          enumType: [
            {
              name: 'State',
              value: [
                { name: 'OPEN', number: 0 },
                { name: 'DONE', number: 1 },
              ],
            },
          ],
        },
        { name: 'Unit' },
      ],
      service: [
        { name: 'Shop', method: [{ name: 'sell', inputType: '.toy.Sale', outputType: '.toy.Sale' }] },
      ],
    },
  ],
})

function singular(type: string): { type: string; label: string } {
  return { type, label: 'LABEL_OPTIONAL' }
}

/** The toy contract with a fault planted on the server's side, compared with the toy contract. */
function differencesAfter(plant: (file: FileDescriptorProto) => void): string[] {
  const there = clone(FileDescriptorSetSchema, TOY)
  plant(at(there.file, 0))
  return compareContracts(contractOf(TOY), contractOf(there)).map(describeDifference)
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`nothing at ${index}`)
  return found
}

function named<T extends { name: string }>(list: readonly T[], name: string): T {
  const found = list.find((element) => element.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

const sale = (file: FileDescriptorProto): DescriptorProto => named(file.messageType, 'Sale')
const field = (file: FileDescriptorProto, name: string): FieldDescriptorProto => named(sale(file).field, name)
const state = (file: FileDescriptorProto): EnumDescriptorProto => named(sale(file).enumType, 'State')
const sell = (file: FileDescriptorProto): MethodDescriptorProto => at(at(file.service, 0).method, 0)

function leaveOneof(member: FieldDescriptorProto): void {
  clearField(member, FieldDescriptorProtoSchema.field.oneofIndex)
}

function without<T extends { name: string }>(list: readonly T[], name: string): T[] {
  return list.filter((element) => element.name !== name)
}

describe('comparing contracts', () => {
  it('finds no difference between equal contracts', () => {
    expect(differencesAfter(() => undefined)).toEqual([])
    expect(contractOf(TOY).size).toBe(13)
  })

  it('takes no notice of the file, its options and the order of declarations', () => {
    const differences = differencesAfter((file) => {
      file.name = 'elsewhere.proto'
      sale(file).field.reverse()
      file.messageType.reverse()
    })
    expect(differences).toEqual([])
  })

  it.each<[string, (file: FileDescriptorProto) => void, string[]]>([
    [
      'the number of a field',
      (file) => (field(file, 'item').number = 7),
      ['toy.Sale.item: number 2 here, 7 on the server'],
    ],
    [
      'the type of a field',
      (file) => (field(file, 'item').type = FieldDescriptorProto_Type.BYTES),
      ['toy.Sale.item: type string here, bytes on the server'],
    ],
    [
      'the message that is the type of a field',
      (file) => (field(file, 'trade').typeName = '.toy.Unit'),
      ['toy.Sale.trade: type toy.Sale here, toy.Unit on the server'],
    ],
    [
      'the key of a map',
      (file) => (at(at(sale(file).nestedType, 0).field, 0).type = FieldDescriptorProto_Type.INT32),
      ['toy.Sale.parts: type map<string, toy.Sale> here, map<int32, toy.Sale> on the server'],
    ],
    [
      'the value of a map',
      (file) => (at(at(sale(file).nestedType, 0).field, 1).typeName = '.toy.Unit'),
      ['toy.Sale.parts: type map<string, toy.Sale> here, map<string, toy.Unit> on the server'],
    ],
    [
      'the label of a field',
      (file) => (field(file, 'sizes').label = FieldDescriptorProto_Label.OPTIONAL),
      [
        'toy.Sale.sizes: label repeated here, singular on the server',
        'toy.Sale.sizes: encoding packed here, plain on the server',
      ],
    ],
    [
      'the presence of a field',
      (file) => {
        field(file, 'buyer').proto3Optional = false
        leaveOneof(field(file, 'buyer'))
        sale(file).oneofDecl.pop()
      },
      ['toy.Sale.buyer: presence optional here, implicit on the server'],
    ],
    [
      'a field that left its oneof',
      (file) => leaveOneof(field(file, 'trade')),
      ['toy.Sale.trade: oneof price here, none on the server'],
    ],
    [
      'the name of a oneof',
      (file) => (named(sale(file).oneofDecl, 'price').name = 'cost'),
      [
        'toy.Sale.cents: oneof price here, cost on the server',
        'toy.Sale.trade: oneof price here, cost on the server',
      ],
    ],
    [
      'the packing of a field',
      (file) => (field(file, 'sizes').options = create(FieldOptionsSchema, { packed: false })),
      ['toy.Sale.sizes: encoding packed here, plain on the server'],
    ],
    [
      'an extra field',
      (file) => sale(file).field.push({ ...field(file, 'item'), name: 'extra', number: 9 }),
      ['toy.Sale.extra: missing here, field on the server'],
    ],
    [
      'a missing field',
      (file) => (sale(file).field = without(sale(file).field, 'item')),
      ['toy.Sale.item: field here, missing on the server'],
    ],
    [
      'another name of a field',
      (file) => (field(file, 'item').name = 'thing'),
      [
        'toy.Sale.item: field here, missing on the server',
        'toy.Sale.thing: missing here, field on the server',
      ],
    ],
    [
      'a missing message',
      (file) => (file.messageType = without(file.messageType, 'Unit')),
      ['toy.Unit: message here, missing on the server'],
    ],
    [
      'an extra message, without listing what it contains',
      (file) => file.messageType.push({ ...sale(file), name: 'Rent' }),
      ['toy.Rent: missing here, message on the server'],
    ],
    [
      'a name that stands for something else',
      (file) => {
        file.messageType = without(file.messageType, 'Unit')
        file.enumType.push({ ...state(file), name: 'Unit', value: [] })
      },
      ['toy.Unit: message here, enum on the server'],
    ],
    [
      'the number of an enum value',
      (file) => (named(state(file).value, 'DONE').number = 2),
      ['toy.Sale.State.DONE: number 1 here, 2 on the server'],
    ],
    [
      'an extra enum value',
      (file) => state(file).value.push({ ...at(state(file).value, 0), name: 'LOST', number: 5 }),
      ['toy.Sale.State.LOST: missing here, enum value on the server'],
    ],
    [
      'a missing enum',
      (file) => (sale(file).enumType = []),
      ['toy.Sale.State: enum here, missing on the server'],
    ],
    ['a missing service', (file) => (file.service = []), ['toy.Shop: service here, missing on the server']],
    [
      'an extra method',
      (file) => at(file.service, 0).method.push({ ...sell(file), name: 'buy' }),
      ['toy.Shop.buy: missing here, method on the server'],
    ],
    [
      'a request that is a stream',
      (file) => (sell(file).clientStreaming = true),
      ['toy.Shop.sell: request toy.Sale here, stream toy.Sale on the server'],
    ],
    [
      'a response that is a stream',
      (file) => (sell(file).serverStreaming = true),
      ['toy.Shop.sell: response toy.Sale here, stream toy.Sale on the server'],
    ],
    [
      'the type of a request',
      (file) => (sell(file).inputType = '.toy.Unit'),
      ['toy.Shop.sell: request toy.Sale here, toy.Unit on the server'],
    ],
    [
      'the type of a response',
      (file) => (sell(file).outputType = '.toy.Unit'),
      ['toy.Shop.sell: response toy.Sale here, toy.Unit on the server'],
    ],
  ])('finds %s', (_, plant, differences) => {
    expect(differencesAfter(plant)).toEqual(differences)
  })

  it('finds what is missing here as well as what is missing there', () => {
    const other = clone(FileDescriptorSetSchema, TOY)
    at(other.file, 0).messageType = without(at(other.file, 0).messageType, 'Unit')
    const [there] = compareContracts(contractOf(TOY), contractOf(other))
    const [here] = compareContracts(contractOf(other), contractOf(TOY))
    expect(there).toEqual({ element: 'toy.Unit', fact: 'kind', here: 'message', there: 'missing' })
    expect(here).toEqual({ element: 'toy.Unit', fact: 'kind', here: 'missing', there: 'message' })
  })

  it('looks at the packages of interest only', () => {
    expect(contractOf(TOY, (packageName) => packageName === 'other').size).toBe(0)
  })
})

describe('exceptions', () => {
  const known = { element: 'a.B.c', fact: 'presence', here: 'optional', there: 'implicit' }

  it('cover exactly the difference that they name', () => {
    const other = { ...known, there: 'explicit' }
    const exception = {
      elements: ['a.B.c'],
      fact: 'presence',
      here: 'optional',
      there: 'implicit',
      reason: 'so',
    }
    expect(exceptFor([known, other], [exception])).toEqual({ unexpected: [other], outdated: [], expected: 1 })
  })

  it('are reported when an element of theirs no longer differs', () => {
    const exception = {
      elements: ['a.B.c', 'a.B.d'],
      fact: 'presence',
      here: 'optional',
      there: 'implicit',
      reason: 'so',
    }
    expect(exceptFor([known], [exception]).outdated).toEqual([{ ...known, element: 'a.B.d' }])
  })

  it('each have a reason, and name every difference once', () => {
    const names = EXCEPTIONS_22_06_8.flatMap(({ elements, fact }) =>
      elements.map((name) => `${name} ${fact}`),
    )
    expect(new Set(names).size).toBe(names.length)
    expect(EXCEPTIONS_22_06_8.filter(({ reason }) => reason === '')).toEqual([])
  })
})
