import { AsyncLocalStorage } from 'node:async_hooks';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import type { Config } from '../config.ts';

type Settings = Pick<Config, 'oidcIssuer' | 'oidcClientId' | 'oidcClientSecret' | 'oidcTrustEmail'>;

/** Why the address of somebody does not count. */
interface Doubt {
  email?: string;
  claim?: 'missing' | 'false';
}

const doubts = new AsyncLocalStorage<Doubt>();

/** Single sign-on: whoever has an account here may use it, by an address that the provider has verified; nobody gets one by it. */
export const signInWith = ({ oidcIssuer, oidcClientId, oidcClientSecret, oidcTrustEmail }: Settings) =>
  genericOAuth({
    config: [
      {
        providerId: 'oidc',
        discoveryUrl: `${oidcIssuer?.replace(/\/$/, '')}/.well-known/openid-configuration`,
        clientId: oidcClientId ?? '',
        ...(oidcClientSecret && { clientSecret: oidcClientSecret }),
        scopes: ['openid', 'email', 'profile'],
        pkce: true,
        disableImplicitSignUp: true,
        mapProfileToUser: ({ email, email_verified: verified }) => {
          // Silence can be trusted by a setting; a provider that says no is always believed.
          if (verified === undefined && oidcTrustEmail) return { emailVerified: true };
          const doubt = doubts.getStore();
          if (doubt && verified !== true && verified !== 'true')
            Object.assign(doubt, { email, claim: verified === undefined ? 'missing' : 'false' });
          return {};
        },
      },
    ],
  });

/** Runs a request of the library; where it refuses an address without saying what is wrong with it, that is said. */
export function explaining(log: (line: string) => void, run: () => Promise<Response>): Promise<Response> {
  return doubts.run({}, async () => {
    const response = await run();
    const { claim, email } = doubts.getStore() ?? {};
    const location = response.headers.get('location');
    if (!claim || !location?.includes('error=account_not_linked')) return response;
    log(`Single sign-on refused ${JSON.stringify(email)}: ${reasons[claim]}`);
    const headers = new Headers(response.headers);
    headers.set('location', location.replace('error=account_not_linked', `error=email_verified_${claim}`));
    return new Response(null, { status: response.status, headers });
  });
}

const reasons = {
  missing:
    'the provider sends no claim email_verified. Have it send the claim, or set OIDC_TRUST_EMAIL=on if none but your organisation makes accounts there.',
  false: 'the provider says email_verified is false. The address has to be verified there.',
} as const;
