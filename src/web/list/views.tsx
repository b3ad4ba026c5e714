import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import { listOptions } from '../data/queries.ts';
import { useUi } from '../data/ui.tsx';
import { useWrites, type Written } from '../data/writes.ts';
import { inSentence } from '../fields/format.ts';
import { useSave } from '../record/save.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { later } from '../shell/later.tsx';
import { MenuButton } from '../shell/menu-button.tsx';
import { sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';
import classes from './list.module.css';
import { everything, type ListSearch, searchOfText, textOfSearch, viewSearch } from './search.ts';

const SaveViewDialog = later(() => import('./save-view-dialog.tsx').then((module) => module.SaveViewDialog));

interface ViewsProps {
  resource: UiResource;
  /** Where views are kept. */
  store: UiResource;
  search: ListSearch;
}

/** Lists with a name: those of the definition, and those that people saved for themselves or for everybody. */
export function Views({ resource, search }: Omit<ViewsProps, 'store'>) {
  const store = useUi().byName.get('SavedView');
  // These have no form of their own: whoever looks at a board goes on with one.
  const form = search.board ? { board: true as const } : {};
  const own = resource.views.map((view) => ({ key: view.key, label: view.label, search: { ...viewSearch(resource, view), ...form } }));
  const all = [{ key: '', label: `All ${inSentence(resource.labelPlural)}`, search: form }, ...own];
  return (
    <nav aria-label="Views" className={classes.views}>
      {all.map(({ key, label, search: target }) => (
        <ViewLink key={key} resource={resource} label={label} target={target} current={search} />
      ))}
      {store && <SavedViews resource={resource} store={store} search={search} />}
    </nav>
  );
}

function ViewLink({ resource, label, target, current }: { resource: UiResource; label: string; target: ListSearch; current: ListSearch }) {
  const active = textOfSearch(target) === textOfSearch(current);
  return (
    <Link
      to="/r/$resource"
      params={{ resource: resource.key }}
      search={target}
      // Everything is within the list of everything.
      activeOptions={{ exact: true }}
      className={classes.view}
      {...(active && { 'aria-current': 'page' as const })}
    >
      {label}
    </Link>
  );
}

function SavedViews({ resource, store, search }: ViewsProps) {
  const { titles, viewer } = useUi();
  const saved = useQuery(listOptions({ resource: store, titles, query: { where: { resource: { eq: resource.key } } } }));
  const views = saved.data?.nodes ?? [];
  const current = views.find(({ query }) => textOfSearch(searchOfText(String(query))) === textOfSearch(search));
  const mine = current && String((current['owner'] as Entity | null)?.databaseId) === viewer.actor;
  return (
    <>
      {views.map((view) => (
        <ViewLink
          key={view.id}
          resource={resource}
          label={String(view['name'])}
          target={searchOfText(String(view['query']))}
          current={search}
        />
      ))}
      {!current && textOfSearch({ ...search, board: undefined }) !== everything && store.operations.create && (
        <SaveView resource={resource} store={store} search={search} />
      )}
      {current && mine && <ViewMenu store={store} view={current} />}
    </>
  );
}

function SaveView(props: ViewsProps) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="subtle" leftSection={<Icon icon={icons.bookmark} size={14} />} onClick={() => setOpened(true)}>
        Save view
      </Button>
      {opened && <SaveViewDialog {...props} onClose={() => setOpened(false)} />}
    </>
  );
}

function ViewMenu({ store, view }: { store: UiResource; view: Entity }) {
  const writes = useWrites(store);
  const save = useSave(store);
  const done = useDone();
  const run = (work: Promise<Written | undefined>, message: string) =>
    work.then((written) => written && done(message, written.changeSet), sayRefused);
  const name = String(view['name']);
  return (
    <MenuButton
      entries={[
        [
          {
            label: view['shared'] ? 'Show it to me only' : 'Show it to everybody',
            onClick: () =>
              void run(
                save(view, { shared: !view['shared'] }),
                view['shared'] ? `Only you see “${name}” now.` : `Everybody sees “${name}” now.`,
              ),
          },
          { label: 'Delete the view', onClick: () => void run(writes.remove(view), `The view “${name}” was deleted.`) },
        ],
      ]}
    >
      <ActionIcon aria-label={`What to do with the view ${name}`}>
        <Icon icon={icons.dots} size={16} />
      </ActionIcon>
    </MenuButton>
  );
}
