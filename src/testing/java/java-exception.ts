// A failure as the server has it: an exception of Java, by the name of its class.

export class JavaException extends Error {
  override readonly name = 'JavaException'

  constructor(
    /** Such as `java.lang.ClassCastException`. */
    readonly javaClass: string,
    /** `null` where Java has no message. */
    readonly text: string | null,
  ) {
    super(text ?? javaClass)
  }
}
