import { Alert, Button, Group, Text } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWaiting } from '../data/live-provider.tsx';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { fetchIds, useSummary } from '../data/reads.ts';
import { addressOf, useUi } from '../data/ui.tsx';
import { count, inSentence } from '../fields/format.ts';
import { CreateDrawer } from '../form/later.ts';
import { toldOnce } from '../form/told-once.tsx';
import { Icon, icons } from '../shell/icon.tsx';
import { later } from '../shell/later.tsx';
import { PageHeader } from '../shell/page-header.tsx';
import { Empty, NotFound } from '../shell/states.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { FilterChips } from './filters.tsx';
import { Grid } from './grid.tsx';
import classes from './list.module.css';
import { columnsOf, ignoredIn, type ListSearch, queryOf, sortsOf, sortText, understoodOf } from './search.ts';
import { Toolbar } from './toolbar.tsx';
import { TrashActions } from './trash-actions.tsx';
import { Views } from './views.tsx';

const Board = later(() => import('../board/board.tsx').then((module) => module.Board));

const ImportDialog = later(() => import('../import/import-dialog.tsx').then((module) => module.ImportDialog));

const route = getRouteApi('/r/$resource');

/** `/r/customers`: a list of one kind of records. */
export function ListPage() {
  const { resource: key } = route.useParams();
  const resource = useUi().byKey.get(key);
  if (!resource?.operations.list) return <NotFound what="list" />;
  // Nothing of one list is left in another.
  return <List key={key} resource={resource} />;
}

function List({ resource }: { resource: UiResource }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const query = queryOf(resource, search);
  const columns = columnsOf(resource, search.columns);
  const sorts = sortsOf(search.sort);
  const counted = useSummary(resource, query);
  const total = counted.data?.[0]?.count;

  const set = (changed: Partial<ListSearch>) => {
    setSelection(new Set());
    const next = Object.fromEntries(Object.entries({ ...search, ...changed }).filter(([, value]) => value !== undefined));
    // A form that was closed or sent is not opened again by Back.
    const replace = ['search', 'create', 'import'].some((name) => name in changed);
    void navigate({ to: '/r/$resource', params: { resource: resource.key }, search: next, replace });
  };
  const onSort = ({ name }: UiField, add: boolean) => {
    const current = sorts.find(({ field }) => field === name);
    const others = add ? sorts.filter(({ field }) => field !== name) : [];
    const own = current?.descending ? [] : [{ field: name, descending: current !== undefined }];
    set({ sort: sortText([...others, ...own]) });
  };
  const selectAll = async () => setSelection(new Set(await fetchIds(resource, query, total ?? 0)));
  const create = () => set({ create: true });
  const mayCreate = resource.operations.create !== null && !search.trash;
  // Nobody could keep what is told once of each of a thousand.
  const mayImport = mayCreate && resource.operations.createMany !== null && toldOnce(resource).length === 0;
  const { updateMany, deleteMany, restore, destroy } = resource.operations;
  const selectable = (search.trash ? [restore, destroy] : [updateMany, deleteMany]).some((operation) => operation !== null);
  const ignored = ignoredIn(resource, search);
  const asBoard = search.board && !search.trash && resource.board !== null;
  const filtered = search.where !== undefined || search.search !== undefined;

  const empty = filtered ? (
    <Empty
      title="Nothing matches"
      action={
        <Button variant="default" onClick={() => set({ where: undefined, search: undefined })}>
          Clear the filters
        </Button>
      }
    >
      No {inSentence(resource.labelPlural)} match what is searched and filtered for.
    </Empty>
  ) : (
    <Empty
      icon={resource.icon}
      title={search.trash ? 'The trash is empty' : `No ${inSentence(resource.labelPlural)} yet`}
      action={
        mayCreate && (
          <Group gap={8}>
            <Button onClick={create}>New {inSentence(resource.label)}</Button>
            {mayImport && (
              <Button variant="default" onClick={() => set({ import: true })}>
                Import a file
              </Button>
            )}
          </Group>
        )
      }
    >
      {search.trash
        ? `What is deleted of ${inSentence(resource.labelPlural)} waits here until it is restored or deleted for good.`
        : resource.description}
    </Empty>
  );

  return (
    <div className={classes.page}>
      <PageHeader
        name={resource.labelPlural}
        title={
          <>
            {search.trash ? `Trash: ${inSentence(resource.labelPlural)}` : resource.labelPlural}{' '}
            <Text span c="dimmed" fw={400} inherit>
              {total === undefined ? '' : count(total)}
            </Text>
          </>
        }
      >
        {search.trash && (
          <Button variant="default" onClick={() => set({ trash: undefined })}>
            Leave the trash
          </Button>
        )}
        {mayCreate && (
          <Button
            leftSection={<Icon icon={icons.plus} size={16} />}
            onClick={create}
            onPointerEnter={CreateDrawer.preload}
            onFocus={CreateDrawer.preload}
          >
            New {inSentence(resource.label)}
          </Button>
        )}
      </PageHeader>
      {!search.trash && <Views resource={resource} search={search} />}
      <Toolbar
        resource={resource}
        search={search}
        columns={columns}
        onChange={set}
        onCreate={mayCreate ? create : undefined}
        onImport={mayImport ? () => set({ import: true }) : undefined}
      />
      {ignored.length > 0 && (
        <Alert color="yellow" role="status" title="Some filters in this link were ignored" mx={20} my={8}>
          <Group justify="space-between">
            The list shows more than it asks for, without {ignored.join(', ')}.
            <Button variant="default" size="xs" onClick={() => set(understoodOf(resource, search))}>
              Leave it out
            </Button>
          </Group>
        </Alert>
      )}
      <FilterChips resource={resource} where={search.where} onChange={(where) => set({ where })} />
      <div className={classes.area}>
        {asBoard ? (
          <Board resource={resource} query={query} search={search} empty={empty} />
        ) : (
          <>
            <NewsPill resource={resource} />
            <Grid
              key={JSON.stringify(query)}
              resource={resource}
              columns={columns}
              query={query}
              sorts={sorts}
              onSort={onSort}
              selectable={selectable}
              selection={selection}
              onSelection={setSelection}
              onOpen={(record: Entity) => void navigate(addressOf(resource, record))}
              empty={empty}
            />
            <BulkBar resource={resource} ids={[...selection]} total={total ?? 0} onAll={selectAll} onClear={() => setSelection(new Set())}>
              {search.trash && <TrashActions resource={resource} ids={[...selection]} onDone={() => setSelection(new Set())} />}
            </BulkBar>
          </>
        )}
      </div>
      {search.create && mayCreate && <CreateDrawer resource={resource} onClose={() => set({ create: undefined })} />}
      {search.import && mayImport && <ImportDialog resource={resource} onClose={() => set({ import: undefined })} />}
    </div>
  );
}

/** Rows do not jump under the pointer: what others added waits here. */
function NewsPill({ resource }: { resource: UiResource }) {
  const { count: waiting, show } = useWaiting(resource.name);
  return (
    <div role="status" className={classes.pill}>
      {waiting > 0 && (
        <Button radius="xl" onClick={() => void show()} leftSection={<Icon icon={icons.refresh} size={14} />}>
          {count(waiting)} {waiting === 1 ? 'change' : 'changes'} by others: show
        </Button>
      )}
    </div>
  );
}
