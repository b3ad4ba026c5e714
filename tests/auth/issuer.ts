import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import { listen } from '../listen.ts';
import { Browser } from './app.ts';

/** What the provider says of somebody. */
export interface Claims {
  email: string;
  email_verified?: boolean;
  name?: string;
}

export interface Issuer {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Lets somebody sign in there who was sent by this link; tells where they are sent back to. */
  signIn(link: URL, subject: string): Promise<URL>;
  close(): Promise<void>;
}

/** An OpenID Connect provider on this machine that knows these people by these subjects. */
export async function openIssuer(redirectUri: string, people: Record<string, Claims>): Promise<Issuer> {
  const [clientId, clientSecret] = ['crm', randomBytes(24).toString('base64url')];
  /** Who is at the screen. */
  let subject = '';
  const { url, close } = await listen((request, response) => {
    if (request.url?.startsWith('/who/')) {
      void provider.interactionFinished(request, response, { login: { accountId: subject } });
    } else void handle(request, response);
  });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(url, {
    clients: [
      { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_post' },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(24).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/who/${uid}` },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    // What they share with the CRM was agreed to when it was set up.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  return {
    url,
    clientId,
    clientSecret,
    signIn: async (link, who) => {
      subject = who;
      const browser = new Browser(url);
      let at = link;
      while (at.origin === new URL(url).origin) at = await browser.visit(at);
      return at;
    },
    close,
  };
}
