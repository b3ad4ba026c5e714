import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import type { UiField, UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { inSentence } from '../fields/format.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { later } from '../shell/later.tsx';
import { MenuButton } from '../shell/menu-button.tsx';
import { Opener } from '../shell/opener.tsx';
import { useShortcuts } from '../shell/shortcuts.ts';
import { csvAddress } from './csv.ts';
import { AddFilter } from './filters.tsx';
import classes from './list.module.css';
import type { ListSearch } from './search.ts';

const ColumnsForm = later(() => import('./columns-form.tsx').then((module) => module.ColumnsForm));

interface ToolbarProps {
  resource: UiResource;
  search: ListSearch;
  columns: readonly UiField[];
  onChange(changed: Partial<ListSearch>): void;
  onCreate: (() => void) | undefined;
  onImport: (() => void) | undefined;
}

const sayOneFilter = () =>
  void notifications.show({ message: 'A file can have one filter of each kind. Remove the second one, then export.' });

/** Search, filters, columns and what else there is for a list. */
export function Toolbar({ resource, search, columns, onChange, onCreate, onImport }: ToolbarProps) {
  const { viewer } = useUi();
  const box = useRef<HTMLInputElement>(null);
  const file = csvAddress(resource, search, columns);
  useShortcuts([
    ['/', () => box.current?.focus()],
    ['n', () => onCreate?.()],
  ]);
  return (
    <div className={classes.bar} role="search">
      {resource.searchable && (
        <SearchBox box={box} resource={resource} value={search.search ?? ''} onChange={(text) => onChange({ search: text || undefined })} />
      )}
      <AddFilter resource={resource} where={search.where} onChange={(where) => onChange({ where })} />
      <span className={classes.spring} />
      {resource.board && !search.trash && (
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          data={['Table', 'Board']}
          value={search.board ? 'Board' : 'Table'}
          onChange={(form) => onChange({ board: form === 'Board' ? true : undefined })}
        />
      )}
      {!search.board && (
        <Opener
          popup="dialog"
          part={ColumnsForm}
          props={{ resource, columns, onColumns: (chosen: string | undefined) => onChange({ columns: chosen }) }}
        >
          <Button variant="default" leftSection={<Icon icon={icons.columns} size={16} />}>
            Columns
          </Button>
        </Opener>
      )}
      <MenuButton
        entries={[
          [
            viewer.may.includes('export:run') && {
              label: 'Export as CSV',
              icon: icons.download,
              ...(file ? { href: file, download: true } : { onClick: sayOneFilter }),
            },
            onImport && { label: 'Import a file', icon: icons.upload, onClick: onImport },
            resource.softDelete &&
              !search.trash && {
                label: 'Show the trash',
                icon: icons.trash,
                onClick: () => onChange({ trash: true, board: undefined }),
              },
          ],
        ]}
      >
        <ActionIcon variant="default" size={30} aria-label="More">
          <Icon icon={icons.dots} size={16} />
        </ActionIcon>
      </MenuButton>
    </div>
  );
}

interface SearchBoxProps {
  box: React.RefObject<HTMLInputElement | null>;
  resource: UiResource;
  value: string;
  onChange(text: string): void;
}

function SearchBox({ box, resource, value, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const settle = useDebouncedCallback(onChange, 200);
  // Not while somebody types: the address is a moment behind.
  useEffect(() => {
    if (document.activeElement !== box.current) setText(value);
  }, [value, box]);
  return (
    <TextInput
      ref={box}
      className={classes.search}
      size="xs"
      type="search"
      aria-label={`Search ${inSentence(resource.labelPlural)}`}
      aria-keyshortcuts="/"
      placeholder="Search"
      leftSection={<Icon icon={icons.search} size={16} />}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        settle(currentTarget.value);
      }}
    />
  );
}
