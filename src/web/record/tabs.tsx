import { Tabs as KitTabs } from '@mantine/core';
import type { Entity, UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { Icon, icons } from '../shell/icon.tsx';
import { Related } from './related.tsx';
import { Timeline } from './timeline.tsx';

/** The records that belong to it, and what happened to it. */
export function Tabs({ resource, record }: { resource: UiResource; record: Entity }) {
  const { byName } = useUi();
  const relations = resource.relations.filter((relation) => byName.has(relation.resource));
  const { history } = resource;
  const [first] = relations;
  // What is in the trash is out of the reach of relations and of the log.
  if ((!first && !history) || record['deletedAt']) return null;
  return (
    <KitTabs defaultValue={first?.name ?? 'history'} keepMounted={false}>
      <KitTabs.List>
        {relations.map(({ name, label, resource: target }) => {
          const icon = byName.get(target)?.icon;
          return (
            <KitTabs.Tab key={name} value={name} leftSection={icon && <Icon icon={icon} size={16} />}>
              {label}
            </KitTabs.Tab>
          );
        })}
        {history && (
          <KitTabs.Tab value="history" leftSection={<Icon icon={icons.history} size={16} />}>
            Timeline
          </KitTabs.Tab>
        )}
      </KitTabs.List>
      {relations.map((relation) => (
        <KitTabs.Panel key={relation.name} value={relation.name} pt="md">
          <Related resource={resource} relation={relation} record={record} />
        </KitTabs.Panel>
      ))}
      {history && (
        <KitTabs.Panel value="history" pt="md">
          <Timeline resource={resource} record={record} />
        </KitTabs.Panel>
      )}
    </KitTabs>
  );
}
