import { Skeleton, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { Failed } from '../shell/states.tsx';
import classes from './home.module.css';

interface PanelProps<Data> {
  title: string;
  /** What has to be known to read it. */
  note?: string | undefined;
  tools?: ReactNode;
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  children(data: Data): ReactNode;
}

/** A part of the start page: each waits, and fails, for itself. */
export function Panel<Data>({ title, note, tools, query: { data, error, refetch }, children }: PanelProps<Data>) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id} aria-busy={data === undefined && !error}>
      <div className={classes.head}>
        <div>
          <Title order={2} size="15px" id={id}>
            {title}
          </Title>
          {note && (
            <Text size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </div>
        {tools}
      </div>
      {data !== undefined ? children(data) : error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton height={180} />}
    </section>
  );
}
