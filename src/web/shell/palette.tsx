import { Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FocusEvent, useEffect } from 'react';
import { send } from '../data/send.ts';
import { useUi } from '../data/ui.tsx';
import { inSentence } from '../fields/format.ts';
import { graphql } from '../gql/gql.ts';
import { Icon, icons } from './icon.tsx';

const searchDocument = graphql(`
  query Search($query: String!) {
    search(query: $query, first: 8) { recordId databaseId resource title parentResource parentId parentTitle }
  }
`);

interface PaletteProps {
  /** Of the field to search in. */
  label: string;
  /** How often it was asked for: each time it opens. */
  asked: number;
  query: string;
  onQuery(query: string): void;
  onFocus(event: FocusEvent<HTMLInputElement>): void;
  onClose(): void;
}

/** Ctrl K: records, pages, and what can be made. */
export function Palette({ label, asked, query, onQuery, onFocus, onClose }: PaletteProps) {
  const { actions, searching } = usePaletteActions(query.trim());
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is asked for, it opens.
  useEffect(() => spotlight.open(), [asked]);
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={onQuery}
      shortcut={null}
      onSpotlightClose={onClose}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound={searching ? 'Searching…' : 'No results'}
      // Letters typed while it opens would be lost otherwise.
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
      searchProps={{
        leftSection: searching ? <Loader size={16} /> : <Icon icon={icons.search} />,
        placeholder: `${label}…`,
        'aria-label': label,
        onFocus,
      }}
      // Records were found by the server, which ranks better than the letters do.
      filter={(_query, every) => matching(every, query)}
    />
  );
}

type Every = (SpotlightActionData | SpotlightActionGroupData)[];

/** Found by the server already, or of the words themselves. */
const unfiltered: ReadonlySet<string> = new Set(['Records', 'Lists']);

const matching = (every: Every, query: string): Every =>
  every.flatMap((each) => {
    if (!('actions' in each) || unfiltered.has(each.group)) return [each];
    const found = each.actions.filter(({ label }) => label?.toLowerCase().includes(query.trim().toLowerCase()));
    return found.length ? [{ ...each, actions: found }] : [];
  });

function usePaletteActions(query: string): { actions: SpotlightActionGroupData[]; searching: boolean } {
  const { resources, byName } = useUi();
  const navigate = useNavigate();
  const [settled] = useDebouncedValue(query, 120);
  const found = useQuery({
    queryKey: ['search', settled],
    enabled: settled.length > 1,
    queryFn: ({ signal }) => send(searchDocument, { query: settled }, { signal }),
    placeholderData: keepPreviousData,
  });

  const listed = resources.filter(({ nav, operations }) => nav && operations.list);
  const go: SpotlightActionData[] = [
    { id: 'home', label: 'Home', leftSection: <Icon icon={icons.home} />, onClick: () => void navigate({ to: '/' }) },
    ...listed.map(({ key, labelPlural, icon }) => ({
      id: `go-${key}`,
      label: labelPlural,
      leftSection: <Icon icon={icon} />,
      onClick: () => void navigate({ to: '/r/$resource', params: { resource: key }, search: {} }),
    })),
  ];
  const make = listed
    .filter(({ operations }) => operations.create)
    .map(({ key, label }) => ({
      id: `new-${key}`,
      label: `New ${inSentence(label)}`,
      leftSection: <Icon icon={icons.plus} />,
      onClick: () => void navigate({ to: '/r/$resource', params: { resource: key }, search: { create: true } }),
    }));
  const bring = listed
    .filter(({ operations }) => operations.createMany)
    .map(({ key, labelPlural }) => ({
      id: `import-${key}`,
      label: `Import ${inSentence(labelPlural)}`,
      leftSection: <Icon icon={icons.upload} />,
      onClick: () => void navigate({ to: '/r/$resource', params: { resource: key }, search: { import: true } }),
    }));
  const hits = settled.length > 1 ? (found.data?.search ?? []) : [];
  const records = hits.flatMap(({ recordId, databaseId, resource: name, title, parentResource, parentId, parentTitle }) => {
    const resource = byName.get(name);
    // What has no page of its own is shown on the page of what it belongs to.
    const [page, id] = resource?.nav ? [resource, databaseId] : [byName.get(parentResource ?? ''), parentId];
    if (!resource || !page?.nav || !page.operations.get || id === null) return [];
    const onClick = () => void navigate({ to: '/r/$resource/$id', params: { resource: page.key, id: String(id) } });
    const description = [resource.label, parentTitle].filter(Boolean).join(' · ');
    return [{ id: recordId, label: title, description, leftSection: <Icon icon={resource.icon} />, onClick }];
  });
  const all = (settled.length > 1 ? listed.filter(({ searchable }) => searchable) : []).map(({ key, labelPlural }) => ({
    id: `search-${key}`,
    label: `Search ${inSentence(labelPlural)} for “${settled}”`,
    leftSection: <Icon icon={icons.search} />,
    onClick: () => void navigate({ to: '/r/$resource', params: { resource: key }, search: { search: settled } }),
  }));
  const groups = [
    { group: 'Records', actions: records },
    { group: 'Lists', actions: all },
    { group: 'Go to', actions: go },
    { group: 'Create', actions: [...make, ...bring] },
  ];
  return { actions: groups.filter(({ actions }) => actions.length), searching: found.isFetching };
}
