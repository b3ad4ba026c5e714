import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares without telling by the time it takes how much was right. */
export function same(given: string, expected: string): boolean {
  const [a, b] = [createHash('sha256').update(given).digest(), createHash('sha256').update(expected).digest()];
  return timingSafeEqual(a, b);
}

/** A value with our signature: `value.signature`. */
export const signed = (value: string, secret: string): string => `${value}.${signatureOf(value, secret)}`;

/** The value of something signed, or undefined when the signature is not ours. */
export function unsigned(text: string, secret: string): string | undefined {
  const dot = text.lastIndexOf('.');
  const value = text.slice(0, dot);
  return dot > 0 && same(text.slice(dot + 1), signatureOf(value, secret)) ? value : undefined;
}

const signatureOf = (value: string, secret: string): string => createHmac('sha256', secret).update(value).digest('base64');

/** One cookie of a request, decoded. */
export function cookie({ headers }: Request, name: string): string | undefined {
  for (const part of headers.get('cookie')?.split(/;\s*/) ?? []) {
    if (part.startsWith(`${name}=`)) return decoded(part.slice(name.length + 1));
  }
  return undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
