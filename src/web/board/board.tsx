import { Badge, Button, Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import type { ListQuery } from '../data/queries.ts';
import { amount, count, inSentence, optionOf, shortAmount, titleOf } from '../fields/format.ts';
import { useStable } from '../list/rows.ts';
import type { ListSearch } from '../list/search.ts';
import { sayRefused } from '../shell/refused.ts';
import { Failed } from '../shell/states.tsx';
import { useDone } from '../shell/undo.tsx';
import classes from './board.module.css';
import { Card } from './card.tsx';
import { type Column, targetsOf, useColumns, useMove } from './columns.ts';
import { useBoardKeys } from './keys.ts';

interface BoardProps {
  resource: UiResource;
  query: ListQuery;
  search: ListSearch;
  /** What stands there when nothing matches. */
  empty: ReactNode;
}

/** The records of a list in columns by the value of one field; moving a card changes it. */
export function Board({ resource, query, search, empty }: BoardProps) {
  const find = (name: string | null | undefined) => resource.fields.find((field) => field.name === name);
  const field = find(resource.board?.field) as UiField; // the page draws a board where there is one
  const sum = find(resource.board?.sumField);
  const fields = (resource.board?.cardFields ?? []).filter((name) => name !== resource.titleField).flatMap((name) => find(name) ?? []);
  const columns = useColumns({ resource, field, sum, query });
  const board = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<Entity>();
  const [active, setActive] = useState<string>();
  const move = useMove(resource, field);
  const done = useDone();
  const labelOf = (value: unknown) => optionOf(field, value)?.label ?? String(value);

  const shift = (id: string, by: 1 | -1) => {
    const record = columns.flatMap(({ cards }) => cards).find((each) => each.id === id);
    if (!record) return;
    const order = columns.map(({ option }) => option.value);
    const targets = targetsOf(field, record[field.name]);
    for (let at = order.indexOf(String(record[field.name])) + by; order[at]; at += by)
      if (targets.includes(order[at] as string)) return onMove(record, order[at] as string); // the loop has looked
  };
  const { onKeyDown, keepFocus } = useBoardKeys({ board, shift });
  const onMove = useStable((record: Entity, to: string) => {
    keepFocus(record.id);
    const title = titleOf(resource, record);
    move(record, to).then(
      (written) => written && done(`${title} moved to ${inSentence(labelOf(to))}.`, written.changeSet),
      (error: unknown) => sayRefused(error, `${title} was not moved`),
    );
  });
  const onFocus = useStable((record: Entity) => setActive(record.id));
  const onDrag = useStable(setDragged);
  // A card that is drawn elsewhere before it is let go never hears of the end; a pointer that moves without it tells as well.
  useEffect(() => {
    if (!dragged) return;
    const end = () => setDragged(undefined);
    const ends = ['drop', 'dragend', 'pointermove', 'pointerdown', 'keydown'];
    for (const name of ends) window.addEventListener(name, end);
    return () => {
      for (const name of ends) window.removeEventListener(name, end);
    };
  }, [dragged]);

  const isEmpty = columns.every(({ cards, isPending, error }) => cards.length === 0 && !isPending && !error);
  if (isEmpty) return empty;
  const targets = dragged && targetsOf(field, dragged[field.name]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the cards within.
    <div ref={board} className={classes.board} onKeyDown={onKeyDown} data-dragging={dragged ? true : undefined}>
      {columns.map((column) => (
        <BoardColumn
          key={column.option.value}
          {...{ resource, field, sum, search, column }}
          accepts={targets?.includes(column.option.value) ?? false}
          onDrop={() => dragged && onMove(dragged, column.option.value)}
        >
          {column.cards.map((record, index) => (
            <Card
              key={record.id}
              {...{ resource, field, fields, record, onMove, onDrag, onFocus }}
              targets={optionsOf(field, record[field.name])}
              isStop={column.cards.some(({ id }) => id === active) ? record.id === active : index === 0}
            />
          ))}
        </BoardColumn>
      ))}
    </div>
  );
}

/** The same list for the same value: cards that did not change need not be drawn again. */
const known = new WeakMap<UiField, Map<unknown, UiField['options']>>();
function optionsOf(field: UiField, from: unknown): UiField['options'] {
  const ofField = known.get(field) ?? new Map<unknown, UiField['options']>();
  known.set(field, ofField);
  const options = ofField.get(from) ?? targetsOf(field, from).flatMap((value) => optionOf(field, value) ?? []);
  ofField.set(from, options);
  return options;
}

interface ColumnProps {
  resource: UiResource;
  field: UiField;
  sum: UiField | undefined;
  search: ListSearch;
  column: Column;
  /** Whether what is being dragged may be dropped here. */
  accepts: boolean;
  onDrop(): void;
  children: ReactNode;
}

function BoardColumn({ resource, field, sum, search, column, accepts, onDrop, children }: ColumnProps) {
  const { option, group, cards, isPending, error, showMore } = column;
  const total = group && sum && group.sum?.[sum.name];
  const over = (event: DragEvent) => accepts && event.preventDefault();
  const beyond = group && !showMore && group.count > cards.length && cards.length >= resource.maxPageSize;
  return (
    <section
      className={classes.column}
      data-column={option.value}
      data-accepts={accepts || undefined}
      aria-label={option.label}
      onDragOver={over}
      onDrop={(event) => {
        event.preventDefault();
        onDrop();
      }}
    >
      <div className={classes.columnHead}>
        <h2 className={classes.columnTitle}>
          <Badge color={option.color.toLowerCase()}>{option.label}</Badge>
          <Text span size="sm" c="dimmed">
            {group ? count(group.count) : ''}
          </Text>
        </h2>
        {sum && (
          <Text size="xs" c="dimmed" title={total ? `${sum.label}: ${amount(sum, total)}` : sum.label} className={classes.sum}>
            {total ? shortAmount(sum, total) : ''}
          </Text>
        )}
      </div>
      {error ? <Failed error={error} /> : isPending && <Skeleton height={80} />}
      <ul className={classes.cards}>{children}</ul>
      {showMore && (
        <Button variant="subtle" className={classes.more} onClick={showMore}>
          Show more
        </Button>
      )}
      {beyond && (
        <Link
          to="/r/$resource"
          params={{ resource: resource.key }}
          search={{ ...search, board: undefined, where: { ...search.where, [field.name]: { eq: option.value } } }}
          className={classes.all}
        >
          Show all {count(group.count)} in a table
        </Link>
      )}
    </section>
  );
}
