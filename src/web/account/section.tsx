import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './account.module.css';

interface SectionProps {
  title: string;
  lead?: ReactNode;
  /** What can be done, beside the title. */
  tools?: ReactNode;
  children?: ReactNode;
}

/** One matter of the account. */
export function Section({ title, lead, tools, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={2} id={id}>
            {title}
          </Title>
          {tools && <Group gap={8}>{tools}</Group>}
        </Group>
        {lead && (
          <Text size="sm" c="dimmed">
            {lead}
          </Text>
        )}
        {children}
      </Stack>
    </section>
  );
}
