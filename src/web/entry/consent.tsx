import { Anchor, Button, Checkbox, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { writtenPage } from '../data/page.ts';
import { Refusal } from '../data/send.ts';
import { askAuth, assistantQuery, type SignedIn } from '../data/sign-in.ts';
import { scopeText } from '../fields/scopes.ts';
import { messageOf, sayRefused } from '../shell/refused.ts';
import { EntryPage } from './entry-page.tsx';

interface Program {
  client_name?: string;
  client_uri?: string;
}

/** `/consent`: a program asks to act for who is signed in. */
export function Consent() {
  const asked = new URLSearchParams(location.search);
  const id = asked.get('client_id') ?? '';
  const scopes = asked.get('scope')?.split(' ').filter(Boolean) ?? [];
  const { data: program, error } = useQuery({
    queryKey: ['program', id],
    queryFn: () => askAuth<Program>(`oauth2/public-client?client_id=${encodeURIComponent(id)}`),
    retry: false,
  });
  // The address is signed by the server: signing in leads back here.
  if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') location.replace(`/sign-in${location.search}`);
  if (!assistantQuery().oauth_query || error)
    return (
      <EntryPage title="Nothing to allow" lead={error ? messageOf(error) : 'Connect from the program that wants access: it leads here.'}>
        <Anchor href="/" size="sm">
          Go to the start
        </Anchor>
      </EntryPage>
    );
  if (!program)
    return (
      <EntryPage title="Access">
        <Loader size="sm" aria-label="Loading" />
      </EntryPage>
    );
  return <Choice program={program} scopes={scopes} returnsTo={asked.get('redirect_uri') ?? ''} />;
}

function Choice({ program, scopes, returnsTo }: { program: Program; scopes: readonly string[]; returnsTo: string }) {
  const name = program.client_name ?? 'A program without a name';
  const [chosen, setChosen] = useState<string[]>([...scopes]);
  const [state, setState] = useState<'asking' | 'busy' | 'over'>('asking');
  const answer = async (accept: boolean) => {
    setState('busy');
    try {
      const scope = scopes.filter((each) => chosen.includes(each)).join(' ');
      const { url = '/' } = await askAuth<SignedIn>('oauth2/consent', { accept, ...(accept && { scope }), ...assistantQuery() });
      location.assign(url);
      setState('over');
    } catch (error) {
      sayRefused(error);
      setState('asking');
    }
  };
  if (state === 'over') return <EntryPage title="Done" lead={`Go on in ${name}. You can close this page.`} />;
  return (
    <EntryPage
      title={`Let ${name} act for you?`}
      lead={`You are ${writtenPage()?.uiSchema.viewer.name ?? 'signed in'}. It can never do more than you can, and you can take this back at any time, under Account.`}
    >
      <Checkbox.Group label="It asks for this; leave out what it should not do" value={chosen} onChange={setChosen}>
        <Stack gap={10} mt="sm">
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} label={scopeText(scope)} size="sm" />
          ))}
        </Stack>
      </Checkbox.Group>
      <Text size="sm" c="dimmed">
        Anybody can give a program any name. Allow this only if you have just started it yourself. The answer goes to{' '}
        <Text span fw={600} c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }}>
          {placeOf(returnsTo)}
        </Text>
        .
      </Text>
      <Group grow>
        <Button variant="default" size="sm" disabled={state === 'busy'} onClick={() => void answer(false)}>
          Deny
        </Button>
        <Button size="sm" disabled={chosen.length === 0} loading={state === 'busy'} onClick={() => void answer(true)}>
          Allow
        </Button>
      </Group>
    </EntryPage>
  );
}

/** The site, or the program on this machine, that an address leads to. */
function placeOf(address: string): string {
  const { protocol, host } = URL.canParse(address) ? new URL(address) : { protocol: '', host: '' };
  return host || protocol || 'nowhere';
}
