import { Badge, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import { send } from '../data/send.ts';
import { useUi } from '../data/ui.tsx';
import { useWrites } from '../data/writes.ts';
import { deviceName } from '../fields/device-name.ts';
import { graphql } from '../gql/gql.ts';
import { Confirm } from '../shell/dialogs.ts';
import { sayRefused } from '../shell/refused.ts';
import { OwnRecords, useOwn } from './own-records.tsx';

const credentialDocument = graphql(`
  query Credential {
    me { credential }
  }
`);

/** Where one is signed in. */
export function Devices() {
  const sessions = useUi().byName.get('Session');
  return sessions ? <Sessions resource={sessions} /> : null;
}

function Sessions({ resource }: { resource: UiResource }) {
  // Asked for again when a new password or a second factor has made a new session of this one.
  const { data: who } = useQuery({ queryKey: ['who'], queryFn: () => send(credentialDocument, {}) });
  const isThis = ({ databaseId }: Entity) => who?.me.credential === `person:${databaseId}`;
  return (
    <OwnRecords
      resource={resource}
      lead="Where you are signed in. End what you do not recognise, and change the password then."
      verb="Sign out"
      warning="Whoever works there has to sign in again."
      isThis={isThis}
      name={(session) => (
        <>
          <Text span size="sm" title={String(session['userAgent'] ?? '')}>
            {deviceName(String(session['userAgent'] ?? ''))}
          </Text>{' '}
          {isThis(session) && <Badge color="green">This device</Badge>}
        </>
      )}
      tools={<Everywhere resource={resource} />}
    />
  );
}

function Everywhere({ resource }: { resource: UiResource }) {
  const { data } = useOwn(resource);
  const writes = useWrites(resource);
  const [asking, setAsking] = useState(false);
  const end = async () => {
    const { failed, results } = await writes.deleteMany(
      (data?.nodes ?? []).map(({ id }) => id),
      false,
    );
    if (failed) throw new Error(results.find(({ error }) => error)?.error?.message);
    location.assign('/sign-in');
  };
  return (
    <>
      <Button variant="default" disabled={!data} onClick={() => setAsking(true)}>
        Sign out everywhere
      </Button>
      {asking && (
        <Confirm
          title="Sign out everywhere?"
          yes="Sign out everywhere"
          danger
          onYes={() => void end().catch(sayRefused)}
          onClose={() => setAsking(false)}
        >
          Every device is signed out, this one too, and assistants that were allowed there. API keys go on.
        </Confirm>
      )}
    </>
  );
}
