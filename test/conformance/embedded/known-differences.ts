// What the embedded server does otherwise than a real one, or what a real one does otherwise each time. The random programs
// leave it out.

export const KNOWN_DIFFERENCES: readonly { readonly what: string; readonly reason: string }[] = [
  {
    what: 'queries on an extractor that an index is for',
    reason:
      'the embedded server asks no indexes: an index leaves out entries that its extractor fails on, and an ordered one ' +
      'fails for a value of another kind; the embedded server fails on the former and not on the latter',
  },
  {
    what: 'the entries that stay changed where a processor fails on one of many',
    reason: 'which entries come first depends on their partitions',
  },
  {
    what: 'the class of the exception where several entries fail in different ways',
    reason: 'which one fails first depends on the partitions',
  },
  {
    what: 'top of several entries',
    reason:
      'a real server sometimes loses some of those in one partition, or never answers, mostly where null is extracted',
  },
  {
    what: 'one processor of several that changes an object which another returned, or stored in several entries',
    reason: 'a real server changes Java objects in place, wherever else they are',
  },
  {
    what: 'the event where a processor stores what was there, in a value with a list and several empty strings',
    reason:
      'in the bytes of a real server they are one object at first, and several afterwards, which is a change',
  },
  {
    what: 'any and all of several filters, one of which fails',
    reason:
      'a real server sorts the filters while other threads ask them, so that the one that fails is sometimes asked before ' +
      'one that decides, and sometimes not',
  },
  {
    what: 'VersionedPut on several entries',
    reason:
      'a real server raises the version of the value with each, so that it fits one entry of each partition',
  },
]
