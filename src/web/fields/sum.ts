/** Adds decimals of two places as whole hundredths: nothing is lost. */
export function sumOf(amounts: readonly (string | null | undefined)[]): string {
  const cents = amounts.reduce((sum, each) => sum + BigInt((each ?? '0.00').replace('.', '')), 0n);
  const text = cents.toString().replace('-', '').padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
}
