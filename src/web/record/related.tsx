import { ActionIcon, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { worth } from '../custom/index.ts';
import type { Entity, UiRelation, UiResource } from '../data/page.ts';
import { useRelated } from '../data/reads.ts';
import { useUi } from '../data/ui.tsx';
import { useWrites } from '../data/writes.ts';
import { amount, counted, inSentence, titleOf } from '../fields/format.ts';
import { sumOf } from '../fields/sum.ts';
import { CreateDrawer, EditDrawer } from '../form/later.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { MenuButton } from '../shell/menu-button.tsx';
import { sayRefused } from '../shell/refused.ts';
import { Empty, Failed } from '../shell/states.tsx';
import { useDone } from '../shell/undo.tsx';
import { RecordTable } from './record-table.tsx';

interface RelatedProps {
  resource: UiResource;
  relation: UiRelation;
  record: Entity;
}

/** The records of a relation: those without a page of their own are kept right here. */
export function Related({ resource, relation, record }: RelatedProps) {
  const target = useUi().byName.get(relation.resource);
  const { data, isPending, error, refetch } = useRelated(resource, relation, record.id);
  const [creating, setCreating] = useState(false);
  const [edited, setEdited] = useState<Entity>();
  if (!target) return null;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (isPending) return <Skeleton height={120} aria-busy="true" />;

  const mayCreate = target.operations.create !== null && !record['deletedAt'];
  const add = mayCreate && (
    <Button variant="default" leftSection={<Icon icon={icons.plus} size={16} />} onClick={() => setCreating(true)}>
      New {inSentence(target.label)}
    </Button>
  );
  return (
    <Stack gap="sm">
      {data.nodes.length === 0 ? (
        <Empty icon={target.icon} title={`No ${inSentence(relation.label)} yet`} action={add}>
          {relation.description}
        </Empty>
      ) : (
        <>
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {counted(data.totalCount, target)}
              {sums(target, data.nodes, data.totalCount)}
            </Text>
            {add}
          </Group>
          <RecordTable
            resource={target}
            label={relation.label}
            rows={data.nodes}
            without={relation.foreignKey}
            linked={!relation.embedded}
            tools={relation.embedded ? (row) => <RowMenu target={target} row={row} onEdit={() => setEdited(row)} /> : undefined}
          />
          {data.totalCount > data.nodes.length && (
            <Link to="/r/$resource" params={{ resource: target.key }} search={{ where: { [relation.foreignKey]: { eq: record.id } } }}>
              Show all {counted(data.totalCount, target)}
            </Link>
          )}
        </>
      )}
      {creating && <CreateDrawer resource={target} initial={{ [relation.foreignKey]: record.id }} onClose={() => setCreating(false)} />}
      {edited && <EditDrawer resource={target} record={edited} without={[relation.foreignKey]} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

/** What the amounts come to, where all of them are here; and of which, where not all of them count. */
function sums(target: UiResource, rows: readonly Entity[], total: number): string {
  if (rows.length < total) return '';
  const fields = target.fields.filter(({ widget, summable }) => widget === 'CURRENCY' && summable);
  const counts = worth[target.name];
  const counted = rows.filter((row) => !counts?.without.includes(String(row[counts.field])));
  const note = counts && counted.length < rows.length ? `, ${counts.note}` : '';
  return fields
    .map((field) => ` · ${field.label} ${amount(field, sumOf(counted.map((row) => row[field.name] as string | null)))}${note}`)
    .join('');
}

function RowMenu({ target, row, onEdit }: { target: UiResource; row: Entity; onEdit(): void }) {
  const writes = useWrites(target);
  const done = useDone();
  const title = titleOf(target, row);
  const { operations } = target;
  if (!operations.update && !operations.delete) return null;
  return (
    <MenuButton
      entries={[
        [
          operations.update && { label: 'Edit', icon: icons.pencil, onClick: onEdit },
          operations.delete && {
            label: 'Delete',
            icon: icons.trash,
            onClick: () =>
              void writes
                .remove(row)
                .then(({ changeSet }) => done(`${title} was deleted.`, target.deletionUndoable ? changeSet : undefined), sayRefused),
          },
        ],
      ]}
    >
      <ActionIcon aria-label={`What to do with ${title}`}>
        <Icon icon={icons.dots} size={16} />
      </ActionIcon>
    </MenuButton>
  );
}
