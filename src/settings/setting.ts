import ipaddr from 'ipaddr.js';
import { z } from 'zod';

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
export const address = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol));
export const list = (of: z.ZodType<string, string>) =>
  z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(of));
export const origins = list(z.string().refine((part) => part === '*' || (URL.canParse(part) && new URL(part).origin === part)));
export const networks = list(z.string().refine((part) => (part.includes('/') ? ipaddr.isValidCIDR(part) : ipaddr.isValid(part))));

export const share = z
  .string()
  .regex(/^(0|1|0?\.\d+|1\.0+|0\.0+)$/)
  .transform(Number);
export const headers = z
  .string()
  .regex(/^[\w-]+=[^,]*(,[\w-]+=[^,]*)*$/)
  .transform((value) =>
    Object.fromEntries(
      value.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), decodeURIComponent(pair.slice(pair.indexOf('=') + 1))]),
    ),
  );

export interface Setting<Type extends z.ZodType> {
  about: string;
  expected: string;
  type: Type;
}
export const setting = <Type extends z.ZodType>(about: string, expected: string, type: Type): Setting<Type> => ({ about, expected, type });
