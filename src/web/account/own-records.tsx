import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import { listOptions } from '../data/queries.ts';
import { useUi } from '../data/ui.tsx';
import { useWrites } from '../data/writes.ts';
import { inSentence, titleOf } from '../fields/format.ts';
import { CreateDrawer } from '../form/later.ts';
import { RecordTable } from '../record/record-table.tsx';
import { Confirm } from '../shell/dialogs.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { sayRefused } from '../shell/refused.ts';
import { Failed } from '../shell/states.tsx';
import { useDone } from '../shell/undo.tsx';
import { Section } from './section.tsx';

interface OwnRecordsProps {
  resource: UiResource;
  lead: ReactNode;
  /** What ending one is called, and what it means. */
  verb: string;
  warning: string;
  tools?: ReactNode;
  name?: (record: Entity) => ReactNode;
  /** Ended in a way of its own. */
  isThis?: (record: Entity) => boolean;
}

/** Those records of a kind that are the viewer's own: an administrator sees everybody's elsewhere. */
export const useOwn = (resource: UiResource) => {
  const { viewer, titles } = useUi();
  return useQuery(listOptions({ resource, titles, query: { where: { userId: { eq: viewer.actor } }, orderBy: newest } }));
};
const newest = [{ field: 'CREATED_AT', direction: 'DESC' }];

/** What is one's own, with a way to make another and to end each. */
export function OwnRecords({ resource, lead, verb, warning, tools, name, isThis = () => false }: OwnRecordsProps) {
  const { data, error, refetch } = useOwn(resource);
  const writes = useWrites(resource);
  const done = useDone();
  const [creating, setCreating] = useState(false);
  const [ending, setEnding] = useState<Entity>();
  const end = (record: Entity) => writes.remove(record).then(() => done(`${verb}: done.`), sayRefused);
  const create = resource.operations.create && (
    <Button variant="default" leftSection={<Icon icon={icons.plus} size={16} />} onClick={() => setCreating(true)}>
      New {inSentence(resource.label)}
    </Button>
  );
  return (
    <Section title={resource.labelPlural} lead={lead} tools={tools ?? create}>
      {error && <Failed error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={60} aria-busy="true" />}
      {data?.nodes.length === 0 && (
        <Text size="sm" c="dimmed">
          There are none.
        </Text>
      )}
      {data && data.nodes.length > 0 && (
        <RecordTable
          resource={resource}
          label={`Your ${inSentence(resource.labelPlural)}`}
          rows={data.nodes}
          without="userId"
          {...(name && { name })}
          tools={(record) =>
            !isThis(record) && (
              <Button variant="default" onClick={() => setEnding(record)} aria-label={`${verb}: ${titleOf(resource, record)}`}>
                {verb}
              </Button>
            )
          }
        />
      )}
      {creating && <CreateDrawer resource={resource} onClose={() => setCreating(false)} />}
      {ending && (
        <Confirm
          title={`${verb}: ${titleOf(resource, ending)}?`}
          yes={verb}
          danger
          onYes={() => void end(ending)}
          onClose={() => setEnding(undefined)}
        >
          {warning}
        </Confirm>
      )}
    </Section>
  );
}
