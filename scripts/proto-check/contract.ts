// Compares two wire contracts: what of one is missing or different in the other.
import { createFileRegistry, ScalarType } from '@bufbuild/protobuf'
import type { DescEnum, DescField, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt'
import type { FileDescriptorSet } from '@bufbuild/protobuf/wkt'

/** One named part of a contract and all that both sides of a wire have to agree on about it. */
interface Element {
  /** Full name of the element that this one is declared in, if any. */
  readonly parent: string | undefined
  /** What it is (`kind`) and its properties, in the order in which differences are reported. */
  readonly facts: ReadonlyMap<string, string>
}

/** A contract: its elements by full name. */
export type Contract = ReadonlyMap<string, Element>

/** One fact that is not the same in both contracts. */
export interface Difference {
  /** Full name of the element, for example `coherence.cache.v1.PutRequest.ttl`. */
  readonly element: string
  /** Which fact, for example `number`. `kind` also tells that the element is missing on one side. */
  readonly fact: string
  readonly here: string
  readonly there: string
}

/** What stands in a difference for a fact or an element that one side does not have. */
export const MISSING = 'missing'

/**
 * The contract that a descriptor set declares in the packages of interest. Names of files do not count, nor
 * options, comments and imports, for none of them shows on the wire.
 */
export function contractOf(
  set: FileDescriptorSet,
  isOfInterest: (packageName: string) => boolean = isNotWellKnown,
): Contract {
  const elements = new Map<string, Element>()
  for (const file of createFileRegistry(set).files) {
    if (!isOfInterest(file.proto.package)) continue
    for (const message of file.messages) addMessage(elements, message, undefined)
    for (const enumeration of file.enums) addEnum(elements, enumeration, undefined)
    for (const service of file.services) addService(elements, service)
  }
  return elements
}

/** Everything that differs, in both directions. What a missing element contains is not listed again. */
export function compareContracts(here: Contract, there: Contract): Difference[] {
  return [...new Set([...here.keys(), ...there.keys()])]
    .sort()
    .flatMap((name) => compareElements(name, here, there))
}

/** A difference as a sentence: `coherence.cache.v1.PutRequest.ttl: number 3 here, 4 on the server`. */
export function describeDifference({ element, fact, here, there }: Difference): string {
  return `${element}: ${fact === 'kind' ? '' : `${fact} `}${here} here, ${there} on the server`
}

function isNotWellKnown(packageName: string): boolean {
  return packageName !== 'google.protobuf'
}

function compareElements(name: string, here: Contract, there: Contract): Difference[] {
  const ours = here.get(name)
  const theirs = there.get(name)
  const parent = ours?.parent ?? theirs?.parent
  if (parent !== undefined && kindIn(here, parent) !== kindIn(there, parent)) return []
  const facts =
    kindIn(here, name) === kindIn(there, name)
      ? new Set([...(ours?.facts.keys() ?? []), ...(theirs?.facts.keys() ?? [])])
      : ['kind']
  return [...facts]
    .map((fact) => ({ element: name, fact, here: factOf(ours, fact), there: factOf(theirs, fact) }))
    .filter((difference) => difference.here !== difference.there)
}

function kindIn(contract: Contract, name: string): string {
  return factOf(contract.get(name), 'kind')
}

function factOf(element: Element | undefined, fact: string): string {
  return element?.facts.get(fact) ?? MISSING
}

function elementOf(parent: string | undefined, facts: Record<string, string>): Element {
  return { parent, facts: new Map(Object.entries(facts)) }
}

function addMessage(elements: Map<string, Element>, message: DescMessage, parent: string | undefined): void {
  elements.set(message.typeName, elementOf(parent, { kind: 'message' }))
  for (const field of message.fields) {
    elements.set(`${message.typeName}.${field.name}`, elementOf(message.typeName, factsOfField(field)))
  }
  for (const nested of message.nestedMessages) addMessage(elements, nested, message.typeName)
  for (const nested of message.nestedEnums) addEnum(elements, nested, message.typeName)
}

function addEnum(elements: Map<string, Element>, enumeration: DescEnum, parent: string | undefined): void {
  elements.set(
    enumeration.typeName,
    elementOf(parent, { kind: 'enum', 'unknown values': enumeration.open ? 'kept' : 'refused' }),
  )
  for (const value of enumeration.values) {
    elements.set(
      `${enumeration.typeName}.${value.name}`,
      elementOf(enumeration.typeName, { kind: 'enum value', number: `${value.number}` }),
    )
  }
}

function addService(elements: Map<string, Element>, service: DescService): void {
  elements.set(service.typeName, elementOf(undefined, { kind: 'service' }))
  for (const method of service.methods) {
    elements.set(`${service.typeName}.${method.name}`, elementOf(service.typeName, factsOfMethod(method)))
  }
}

function factsOfMethod(method: DescMethod): Record<string, string> {
  return {
    kind: 'method',
    request: `${method.proto.clientStreaming ? 'stream ' : ''}${method.input.typeName}`,
    response: `${method.proto.serverStreaming ? 'stream ' : ''}${method.output.typeName}`,
  }
}

function factsOfField(field: DescField): Record<string, string> {
  return {
    kind: 'field',
    number: `${field.number}`,
    type: typeOfField(field),
    label: labelOfField(field),
    presence: presenceOfField(field),
    oneof: field.oneof?.name ?? 'none',
    encoding: encodingOfField(field),
  }
}

function typeOfField(field: DescField): string {
  if (field.fieldKind === 'map') {
    return `map<${nameOfScalar(field.mapKey)}, ${typeOfValue(field)}>`
  }
  return typeOfValue(field)
}

function typeOfValue({ scalar, message, enum: enumeration }: DescField): string {
  return scalar === undefined ? (message ?? enumeration).typeName : nameOfScalar(scalar)
}

function nameOfScalar(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase()
}

function labelOfField(field: DescField): string {
  if (field.fieldKind === 'list') return 'repeated'
  return field.fieldKind === 'map' ? 'map' : 'singular'
}

// A message always knows whether it is there, so the keyword `optional` changes nothing on the wire for it.
// It is compared nevertheless, since it decides the type in the generated code.
function presenceOfField(field: DescField): string {
  if (field.proto.proto3Optional) return 'optional'
  switch (field.presence) {
    case FeatureSet_FieldPresence.EXPLICIT:
      return 'explicit'
    case FeatureSet_FieldPresence.IMPLICIT:
      return 'implicit'
    case FeatureSet_FieldPresence.LEGACY_REQUIRED:
      return 'required'
  }
}

function encodingOfField(field: DescField): string {
  if (field.fieldKind === 'list' && field.packed) return 'packed'
  const holdsMessages =
    field.fieldKind === 'message' || (field.fieldKind === 'list' && field.listKind === 'message')
  return holdsMessages && field.delimitedEncoding ? 'group' : 'plain'
}
