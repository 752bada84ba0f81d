// Recognizes certificates and keys in PEM (RFC 7468). OpenSSL checks their content; it accepts any text around them,
// either line break, and these labels.

/** A certificate or key, identified by its option. */
export type TlsItem = 'caCert' | 'clientCert' | 'clientKey'

const CERTIFICATE = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\s*$/m
const PRIVATE_KEY = /^-----BEGIN (?:[^\n]* )?PRIVATE KEY-----\s*$/m
/** Matches each certificate of a text, also one without a last line. */
const CERTIFICATES = /^-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^]*?(?:^-----END \1-----|(?![^]))/gm

/**
 * Returns the text in the form that OpenSSL accepts: without byte order marks, and with line breaks instead of the `\n`
 * that environment variables and JSON often have.
 */
export function pemText(pem: string | Uint8Array): string {
  const text =
    typeof pem === 'string' ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('utf8')
  return text.replaceAll(/^\ufeff+/gm, '').replaceAll(/(?:\\r)?\\n/g, '\n')
}

/** Whether `text` contains the first line of such a certificate or key. */
export function holdsPem(text: string, item: TlsItem): boolean {
  return (item === 'clientKey' ? PRIVATE_KEY : CERTIFICATE).test(text)
}

/** Returns advice for a text whose PEM labels are not on their own lines; `undefined` for other texts. */
export function lineBreakHint(text: string): string | undefined {
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(text) || /^-----BEGIN [A-Z0-9 ]+-----\s*$/m.test(text))
    return undefined
  return 'its -----BEGIN and -----END lines must stand alone; keep the line breaks, or write them as \\n, and leave out quotes and indentation'
}

/** Returns each certificate in `text`. */
export function certificatesIn(text: string): string[] {
  return [...text.matchAll(CERTIFICATES)].map(([certificate]) => certificate)
}

/** Whether a key in `text` has a passphrase. */
export function hasPassphrase(text: string): boolean {
  return /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)
}
