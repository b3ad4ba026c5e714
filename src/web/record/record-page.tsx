import { Grid, Group, Skeleton, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { recordParts } from '../custom/index.ts';
import type { Entity, UiResource } from '../data/page.ts';
import { useRecord } from '../data/reads.ts';
import { useUi } from '../data/ui.tsx';
import { inSentence, titleOf } from '../fields/format.ts';
import { Icon } from '../shell/icon.tsx';
import { AnchorLink } from '../shell/links.tsx';
import { PageHeader } from '../shell/page-header.tsx';
import { Failed, NotFound } from '../shell/states.tsx';
import { Actions } from './actions.tsx';
import classes from './record.module.css';
import { Sections } from './sections.tsx';
import { Tabs } from './tabs.tsx';
import { Workflow } from './workflow.tsx';

const route = getRouteApi('/r/$resource/$id');

/** `/r/customers/7`: one record. */
export function RecordPage() {
  const { resource: key, id } = route.useParams();
  const resource = useUi().byKey.get(key);
  if (!resource?.operations.get || !/^\d+$/.test(id)) return <NotFound what="record" />;
  return <Loaded key={`${key}/${id}`} resource={resource} id={`${resource.name}:${id}`} />;
}

function Loaded({ resource, id }: { resource: UiResource; id: string }) {
  const { data: record, isPending, error, refetch } = useRecord(resource, id);
  if (isPending) return <Waiting />;
  if (error) return <Failed whole error={error} retry={() => void refetch()} />;
  if (!record) return <NotFound what={inSentence(resource.label)} />;
  return <Page resource={resource} record={record} />;
}

function Page({ resource, record }: { resource: UiResource; record: Entity }) {
  const workflows = resource.fields.filter(({ transitions }) => transitions.length > 0);
  const title = titleOf(resource, record);
  const deleted = Boolean(record['deletedAt']);
  const parts = recordParts[resource.name] ?? {};
  return (
    <div className={classes.page}>
      <Group px={20} pt={12} gap={6} className={classes.path}>
        <AnchorLink
          to="/r/$resource"
          params={{ resource: resource.key }}
          search={deleted ? { trash: true } : {}}
          size="sm"
          className={classes.back}
        >
          <Icon icon={resource.icon} size={16} />
          {deleted ? `Trash: ${inSentence(resource.labelPlural)}` : resource.labelPlural}
        </AnchorLink>
      </Group>
      <PageHeader name={title} title={title}>
        <Actions resource={resource} record={record} />
      </PageHeader>
      {deleted && (
        <Text mx={20} mb="sm" p="sm" className={classes.trashed} role="status">
          This {inSentence(resource.label)} is in the trash. Restore it to change it.
        </Text>
      )}
      {parts.top && <parts.top resource={resource} record={record} />}
      {workflows.map((field) => (
        <Workflow key={field.name} resource={resource} field={field} record={record} />
      ))}
      <Grid px={20} pb="xl" gap="xl">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Sections resource={resource} record={record} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          {parts.beside && <parts.beside resource={resource} record={record} />}
          <Tabs resource={resource} record={record} />
        </Grid.Col>
      </Grid>
    </div>
  );
}

function Waiting() {
  return (
    <Stack p={20} aria-busy="true" role="status" aria-label="Loading">
      <Skeleton height={28} width={240} />
      <Skeleton height={180} />
      <Skeleton height={120} />
    </Stack>
  );
}
