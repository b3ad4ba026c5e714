import { Button, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './entry.module.css';

interface EntryPageProps {
  title: string;
  /** One sentence on what this page is for. */
  lead?: ReactNode;
  children?: ReactNode;
}

/** A page for who is not signed in yet: one card, with one thing to do. */
export function EntryPage({ title, lead, children }: EntryPageProps) {
  useEffect(() => {
    document.title = `${title} · Facet CRM`;
  }, [title]);
  return (
    <main className={classes.page}>
      <div className={classes.brand}>
        <img src="/icon.svg" alt="" width={28} height={28} />
        Facet
      </div>
      <div className={classes.card}>
        <Stack>
          <Title order={1}>{title}</Title>
          {lead && (
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          )}
          {children}
        </Stack>
      </div>
    </main>
  );
}

export const ButtonToSignIn = () => (
  <Button component="a" href="/sign-in" variant="default" size="sm" fullWidth>
    Go to the sign-in
  </Button>
);
