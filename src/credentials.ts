import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Addresses that people can sign in with, in any case: those that the library which signs them in accepts. */
export const signInAddress: RegExp = z.regexes.email;

/** What is kept of a secret of ours; they are random and long, so a plain hash is enough. */
export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** The cookie that the session of a person is in. `secure`: the server is reached by https. */
export const sessionCookie = (secure: boolean): string => `${secure ? '__Secure-' : ''}facet.session_token`;

export const randomSecret = (): string => randomBytes(24).toString('base64url');

/** A new API key; the part before the secret tells people and secret scanners what it is. */
export const newApiKey = (): string => `${apiKeyPrefix}${randomSecret()}`;
export const apiKeyPrefix = 'facet_';
