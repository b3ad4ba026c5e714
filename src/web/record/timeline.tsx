import { Button, Group, Timeline as KitTimeline, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { historyDocument } from '../data/documents.ts';
import type { Entity, UiResource } from '../data/page.ts';
import { useWho } from '../data/people.ts';
import { request } from '../data/send.ts';
import { useUi } from '../data/ui.tsx';
import { ago, moment, textOf } from '../fields/format.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { Empty, Failed } from '../shell/states.tsx';
import classes from './record.module.css';
import { UndoChange } from './undo-change.tsx';

interface Change {
  cursor: string;
  op: string;
  actor: string | null;
  surface: string;
  changeSet: string;
  at: string;
  version: number;
  fields: { field: string; before: unknown; after: unknown }[];
}

interface HistoryPage {
  nodes: Change[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const said: Readonly<Record<string, string>> = {
  CREATED: 'created it',
  UPDATED: 'changed',
  DELETED: 'moved it to the trash',
  RESTORED: 'restored it',
  DESTROYED: 'deleted it for good',
};

/** What happened to the record, newest first; each step can be taken back. */
export function Timeline({ resource, record }: { resource: UiResource; record: Entity }) {
  const document = historyDocument(resource);
  const { viewer } = useUi();
  const history = useInfiniteQuery({
    queryKey: ['history', resource.name, record.id],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await request(document, { id: record.id, first: 20, after: pageParam }, { signal });
      return (data as { record: { history: HistoryPage } }).record.history;
    },
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
  });
  const changes = history.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const who = useWho(changes.map(({ actor }) => actor));
  if (history.isPending) return <Skeleton height={120} aria-busy="true" />;
  if (history.error) return <Failed error={history.error} retry={() => void history.refetch()} />;
  if (changes.length === 0)
    return (
      <Empty title="Nothing happened yet" icon={icons.history}>
        Every change from now on is told here.
      </Empty>
    );

  return (
    <Stack>
      <KitTimeline bulletSize={22} lineWidth={1}>
        {changes.map((change) => (
          <KitTimeline.Item
            key={change.cursor}
            bullet={<Icon icon={change.op === 'UPDATED' ? icons.pencil : change.op === 'CREATED' ? icons.plus : icons.trash} size={12} />}
          >
            <Group justify="space-between" wrap="nowrap" align="start">
              <div className={classes.event}>
                <Text size="sm">
                  <Text span fw={500} inherit>
                    {who(change.actor)}
                  </Text>{' '}
                  {said[change.op] ?? change.op.toLowerCase()}
                </Text>
                {change.op === 'UPDATED' && <Fields resource={resource} change={change} />}
                <Text size="xs" c="dimmed">
                  <time dateTime={change.at} title={moment(change.at)}>
                    {ago(change.at)}
                  </time>
                  {change.surface !== 'graphql' && ` · by ${change.surface}`}
                </Text>
              </div>
              {viewer.may.includes('changes:undo') && change.op === 'UPDATED' && (
                <UndoChange resource={resource} record={record} changeSet={change.changeSet} />
              )}
            </Group>
          </KitTimeline.Item>
        ))}
      </KitTimeline>
      {history.hasNextPage && (
        <Button variant="default" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          Show what was before
        </Button>
      )}
    </Stack>
  );
}

function Fields({ resource, change }: { resource: UiResource; change: Change }) {
  return (
    <>
      {change.fields.map(({ field: name, before, after }) => {
        const field = resource.fields.find((each) => each.name === name);
        const text = (value: unknown) => (field ? textOf(field, value) : String(value ?? '')) || 'empty';
        return (
          <Text size="sm" key={name}>
            {field?.label ?? name}:{' '}
            <Text span c="dimmed" td="line-through" inherit>
              {text(before)}
            </Text>{' '}
            → {text(after)}
          </Text>
        );
      })}
    </>
  );
}
