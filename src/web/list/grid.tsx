import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type MouseEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import type { ListQuery } from '../data/queries.ts';
import { editable } from '../fields/editable.ts';
import { Failed } from '../shell/states.tsx';
import { useNarrow } from '../shell/use-narrow.ts';
import type { RowEvents } from './events.ts';
import classes from './grid.module.css';
import { GridHead } from './grid-head.tsx';
import { type Cell, useGridKeys } from './grid-keys.ts';
import { CellEditor, GridRow } from './grid-row.tsx';
import { blocksOf, useRows, useStable } from './rows.ts';
import type { Sort } from './search.ts';

/** Browsers cannot scroll further than about thirty million pixels. */
const mostRows = 500_000;

interface GridProps {
  resource: UiResource;
  columns: readonly UiField[];
  query: ListQuery;
  sorts: readonly Sort[];
  onSort(field: UiField, add: boolean): void;
  selectable: boolean;
  selection: ReadonlySet<string>;
  onSelection(selection: ReadonlySet<string>): void;
  onOpen(record: Entity): void;
  /** What stands in place of the rows when there are none. */
  empty: ReactNode;
}

/** A list as a grid: as many rows are drawn as fit on the screen, and fetched as they come into view. */
export function Grid({ resource, columns: given, query, sorts, onSort, selectable, selection, onSelection, onOpen, empty }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const columns = useMemo(() => (narrow ? given.slice(0, 3) : given), [narrow, given]);
  const rowHeight = narrow ? 60 : 38;
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const [editing, setEditing] = useState(false);
  const [blocks, setBlocks] = useState('0');
  const rows = useRows(resource, query, blocks);
  const total = Math.min(rows.total, mostRows);

  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // Rows are drawn with the rest, not when what surrounds them has been measured.
    initialRect: { width: innerWidth, height: innerHeight },
    // The row with the focus stays, or the focus would be lost by scrolling.
    rangeExtractor: (shown) =>
      [...new Set([...defaultRangeExtractor(shown), ...(active.row < total ? [active.row] : [])])].sort((one, other) => one - other),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured is of another height.
  useEffect(() => virtual.measure(), [rowHeight]);
  const items = virtual.getVirtualItems();
  const [from, to] = [virtual.range?.startIndex ?? 0, virtual.range?.endIndex ?? 40];
  useEffect(() => setBlocks(blocksOf(resource, from, to)), [resource, from, to]);

  const anchor = useRef(0);
  const toggle = useStable((row: number, wide: boolean) => {
    const record = rows.at(row);
    if (!record || !selectable) return;
    const next = new Set(selection);
    const add = !next.has(record.id) || wide;
    const [first, last] = wide ? [Math.min(anchor.current, row), Math.max(anchor.current, row)] : [row, row];
    for (let index = first; index <= last; index++) {
      const id = rows.at(index)?.id;
      if (id) next[add ? 'add' : 'delete'](id);
    }
    if (!wide) anchor.current = row;
    onSelection(next);
  });

  /** At once, so that no letter is taken for a key of the page while the editor is on its way; and no longer where it does not come. */
  const startEditing = async () => {
    setEditing(true);
    if (!(await CellEditor.load())) setEditing(false);
  };
  const { goTo, onKeyDown, leave, focusActive } = useGridKeys({
    scroller,
    size: { rows: total, columns: columns.length },
    active,
    setActive,
    startEditing,
    stopEditing: () => setEditing(false),
    scrollTo: (row) => virtual.scrollToIndex(row, { align: 'auto' }),
    isEditable: ({ row, column }) => {
      const field = columns[column];
      return field !== undefined && editable(field, rows.at(row));
    },
    open: (row) => {
      const record = rows.at(row);
      if (record) onOpen(record);
    },
    toggle,
  });
  const onClick = (event: MouseEvent) => {
    const cell = cellOf(event);
    if (!cell || (editing && cell.row === active.row && cell.column === active.column)) return;
    setEditing(false);
    goTo(cell);
  };
  const onDoubleClick = (event: MouseEvent) => {
    const cell = cellOf(event);
    const field = cell && columns[cell.column];
    if (!field || !editable(field, rows.at(cell.row))) return;
    setActive(cell);
    void startEditing();
  };
  const events: RowEvents = useMemo(() => ({ toggle, leave }), [toggle, leave]);

  const loaded = Array.from({ length: to - from + 1 }, (_, index) => rows.at(from + index)).filter((each) => each !== undefined);
  const all = loaded.length > 0 && loaded.every(({ id }) => selection.has(id));
  const onCheck = useStable(() => {
    const ids = loaded.map(({ id }) => id);
    onSelection(all ? new Set([...selection].filter((id) => !ids.includes(id))) : new Set([...selection, ...ids]));
  });
  const sort = useStable(onSort);

  if (rows.error && total === 0) return <Failed error={rows.error} retry={rows.refetch} />;
  if (!rows.isPending && total === 0) return empty;
  return (
    <div
      role="grid"
      tabIndex={-1}
      aria-label={resource.labelPlural}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + (selectable ? 1 : 0)}
      aria-multiselectable={selectable}
      aria-busy={rows.isPending}
      ref={scroller}
      className={classes.grid}
      style={{ '--columns': template(resource, columns, selectable), '--row-height': `${rowHeight}px` } as CSSProperties}
      onKeyDown={editing ? (event) => event.stopPropagation() : onKeyDown}
      onPointerEnter={CellEditor.preload}
      onFocus={({ target }) => {
        CellEditor.preload();
        if (target === scroller.current) focusActive();
      }}
    >
      <GridHead
        resource={resource}
        columns={columns}
        sorts={sorts}
        onSort={sort}
        checked={selectable ? (all ? 'all' : selection.size > 0 ? 'some' : 'none') : undefined}
        onCheck={onCheck}
      />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys for all of its cells. */}
      <div
        role="rowgroup"
        className={classes.body}
        style={{ height: virtual.getTotalSize() }}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
      >
        {items.map(({ index, start }) => {
          const record = rows.at(index);
          return (
            <GridRow
              key={record?.id ?? index}
              resource={resource}
              columns={columns}
              record={record}
              index={index}
              top={start}
              selectable={selectable}
              selected={record !== undefined && selection.has(record.id)}
              active={active.row === index ? active.column : undefined}
              editing={editing && active.row === index}
              events={events}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The cell that was clicked; what opens above the page is within it for React, but not on the page. */
function cellOf({ target }: MouseEvent): Cell | undefined {
  const [row, column] = (target as HTMLElement).closest<HTMLElement>('[data-cell]')?.dataset['cell']?.split(':') ?? [];
  return row === undefined ? undefined : { row: Number(row), column: Number(column) };
}

/** Names take what the rest leaves; numbers need little. */
function template({ titleField }: UiResource, columns: readonly UiField[], selectable: boolean): string {
  const widths = columns.map(({ name, kind, widget }) => {
    if (name === titleField) return 'minmax(180px, 2fr)';
    if (kind === 'BOOLEAN' || kind === 'INTEGER') return 'minmax(96px, 0.6fr)';
    if (kind === 'CHOICE' || kind === 'DECIMAL' || kind === 'DATE_TIME' || kind === 'DATE') return 'minmax(128px, 0.8fr)';
    return widget === 'TEXTAREA' || kind === 'TEXT_LIST' ? 'minmax(200px, 1.6fr)' : 'minmax(160px, 1.3fr)';
  });
  return [...(selectable ? ['40px'] : []), ...widths].join(' ');
}
