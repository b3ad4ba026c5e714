import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { Refusal } from '../data/send.ts';
import type { BulkOptions, BulkResult } from '../data/writes.ts';
import { count } from '../fields/format.ts';
import { messageOf } from '../shell/refused.ts';
import { UndoLimit } from '../shell/undo-limit.tsx';

export interface Planned {
  /** Another key is another plan. */
  key: string;
  run(dryRun: boolean, options: BulkOptions): Promise<BulkResult>;
}

interface Tried {
  result: BulkResult | Error | undefined;
  again(): void;
}

/** What the server says that a plan would do; it tries it without keeping anything. */
export function usePreview(planned: Planned | undefined): Tried {
  const [tried, setTried] = useState<{ key: string; result: BulkResult | Error }>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the plan is another.
  useEffect(() => {
    if (!planned) return;
    const { key } = planned;
    const work = new AbortController();
    const show = (result: BulkResult | Error) => work.signal.aborted || setTried({ key, result });
    const timer = setTimeout(() => {
      planned.run(true, { signal: work.signal }).then(show, (error: unknown) => {
        show(error instanceof Error ? error : new Error(messageOf(error)));
      });
    }, 200);
    return () => {
      clearTimeout(timer);
      work.abort();
    };
  }, [planned?.key, turn]);
  return {
    result: tried && tried.key === planned?.key ? tried.result : undefined,
    again: () => {
      setTried(undefined);
      setTurn(turn + 1);
    },
  };
}

/** How many of the records themselves it changes: some may be as they would become, others bring along what belongs to them. */
export const changedBy = ({ planned }: BulkResult, resource: UiResource): number =>
  new Set(planned.filter((change) => change.resource === resource.name).map(({ id }) => id)).size;

interface PreviewProps {
  resource: UiResource;
  tried: Tried;
  say(changed: number): string;
}

/** How many it would work for, and why not for the others. */
export function Preview({ resource, tried: { result, again }, say }: PreviewProps) {
  if (!result)
    return (
      <Text size="sm" c="dimmed" role="status">
        Trying it out…
      </Text>
    );
  if (result instanceof Error)
    return (
      <Alert
        color="red"
        title={result instanceof Refusal && result.code !== 'UNAVAILABLE' ? 'It would be refused' : 'It could not be tried out'}
      >
        <Stack gap="xs" align="flex-start">
          {result.message}
          <Button size="xs" variant="default" onClick={again}>
            Try again
          </Button>
        </Stack>
      </Alert>
    );
  const changed = changedBy(result, resource);
  const same = result.succeeded - changed;
  const refused = result.results.filter(({ error }) => error);
  const reasons = [...Map.groupBy(refused, ({ error }) => error?.message ?? '')];
  return (
    <>
      <Alert color={result.failed ? 'yellow' : 'indigo'} role="status" title={changed ? say(changed) : 'Nothing to change'}>
        {same > 0 && (
          <Text size="sm">
            {count(same)} already {same === 1 ? 'is' : 'are'} as wanted.
          </Text>
        )}
        {result.planned.length > changed && <Text size="sm">With what belongs to them, {count(result.planned.length)} records.</Text>}
        {reasons.length > 0 && (
          <List size="sm">
            {reasons.slice(0, 5).map(([reason, items]) => (
              <List.Item key={reason}>
                {count(items.length)} not: {reason}
              </List.Item>
            ))}
          </List>
        )}
      </Alert>
      <UndoLimit changes={result.planned.length} instead="Select fewer to be able to undo it." />
    </>
  );
}
