import { Button, Center, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Refusal } from '../data/send.ts';
import { Icon, icons } from './icon.tsx';
import { ButtonLink } from './links.tsx';
import { messageOf } from './refused.ts';

interface EmptyProps {
  title: string;
  children?: ReactNode;
  /** The next step. */
  action?: ReactNode;
  icon?: { nodes: unknown };
  /** It is all that there is on the page. */
  whole?: boolean;
}

/** Says that there is nothing, and what to do about it. */
export function Empty({ title, children, action, icon = icons.search, whole = false }: EmptyProps) {
  return (
    <Center p="xl" mih={240}>
      <Stack align="center" gap="xs" maw={420} ta="center">
        <Text c="dimmed" component="span">
          <Icon icon={icon} size={32} />
        </Text>
        <Title order={whole ? 1 : 2} size="h2">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" size="sm">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** Says what went wrong, with a way to try again. */
export function Failed({ error, retry, whole = false }: { error: unknown; retry?: () => void; whole?: boolean }) {
  if (error instanceof Refusal && error.code === 'NOT_FOUND') return <NotFound />;
  return (
    <div role="alert">
      <Empty title="This could not be loaded" whole={whole} icon={icons.alert} action={retry && <Button onClick={retry}>Try again</Button>}>
        {messageOf(error)}
      </Empty>
    </div>
  );
}

export function NotFound({ what = 'page' }: { what?: string }) {
  return (
    <Empty
      whole
      title={`There is no such ${what}`}
      action={
        <ButtonLink to="/" variant="light">
          Go to the start
        </ButtonLink>
      }
    >
      It may have been deleted, or the address may be wrong.
    </Empty>
  );
}
