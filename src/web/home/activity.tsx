import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { activityDocument } from '../data/documents.ts';
import type { UiResource } from '../data/page.ts';
import { useWho } from '../data/people.ts';
import { request } from '../data/send.ts';
import { useUi } from '../data/ui.tsx';
import { ago, counted, inSentence, moment } from '../fields/format.ts';
import { AnchorLink } from '../shell/links.tsx';
import { type Change, type Happening, happeningsOf } from './happenings.ts';
import classes from './home.module.css';
import { Panel } from './panel.tsx';

const lines = 10;
/** How many changes it reads after one another until they make so many lines: an import alone may be a few hundred. */
const steps = [100, 500, 500, 500];

const said: Readonly<Record<Change['op'], string>> = {
  CREATED: 'created',
  UPDATED: 'changed',
  DELETED: 'moved to the trash:',
  RESTORED: 'restored',
  DESTROYED: 'deleted for good:',
};

/** Who did what lately, each line the way to its record. */
export function Activity({ resources }: { resources: readonly UiResource[] }) {
  const query = useQuery({
    queryKey: ['activity'],
    queryFn: async ({ signal }) => {
      const document = activityDocument(resources);
      const names = resources.map(({ name }) => name);
      let read: Change[] = [];
      for (const last of steps) {
        const { data } = await request(document, { resources: names, last, before: read[0]?.cursor }, { signal });
        const { nodes } = (data as { changes: { nodes: Change[] } }).changes; // as the document says
        read = [...nodes, ...read];
        const happenings = happeningsOf(read, nodes.length === last);
        // The oldest may have begun before.
        if (nodes.length < last || happenings.length > lines) return happenings.slice(0, lines);
      }
      return happeningsOf(read, true);
    },
  });
  const who = useWho(query.data?.map(({ change }) => change.actor) ?? []);
  return (
    <Panel title="Recent activity" query={query}>
      {(happenings) =>
        happenings.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing happened yet. Every change from now on is told here.
          </Text>
        ) : (
          <ul className={classes.activity}>
            {happenings.map((happening) => (
              <li key={happening.change.cursor}>
                <Text size="sm">
                  <Text span fw={500} inherit>
                    {who(happening.change.actor)}
                  </Text>{' '}
                  {said[happening.change.op]} <What happening={happening} />
                </Text>
                <Text size="xs" c="dimmed">
                  <time dateTime={happening.change.at} title={moment(happening.change.at)}>
                    {ago(happening.change.at)}
                  </time>
                  {happening.change.surface !== 'graphql' && ` · by ${happening.change.surface}`}
                </Text>
              </li>
            ))}
          </ul>
        )
      }
    </Panel>
  );
}

function What({ happening: { change, title, records, cut } }: { happening: Happening }) {
  const resource = useUi().byName.get(change.resource);
  if (!resource) return change.resource;
  const { key, label, fields, nav, operations } = resource;
  if (records > 1 || cut) return `${cut ? 'at least ' : ''}${counted(records, resource)}`;
  const number = change.recordId.replace(/^\w+:/, '');
  const name = title ?? `${inSentence(label)} ${number}`;
  const changed = change.changedFields.flatMap((each) => fields.find((field) => field.name === each)?.label ?? []);
  return (
    <>
      {change.op === 'UPDATED' && changed.length > 0 && `${changed.slice(0, 2).join(', ')}${changed.length > 2 ? ' and more' : ''} of `}
      {nav && operations.get && change.op !== 'DESTROYED' ? (
        <AnchorLink inherit underline="always" to="/r/$resource/$id" params={{ resource: key, id: number }}>
          {name}
        </AnchorLink>
      ) : (
        name
      )}
    </>
  );
}
