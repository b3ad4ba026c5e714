import { type CSSProperties, memo } from 'react';
import { useFlash } from '../data/live-provider.tsx';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { titleOf } from '../fields/format.ts';
import { Value } from '../fields/value.tsx';
import { later } from '../shell/later.tsx';
import { RecordLink } from '../shell/record-link.tsx';
import type { RowEvents } from './events.ts';
import classes from './grid.module.css';

export const CellEditor = later(() => import('./cell-editor.tsx').then((module) => module.CellEditor));

interface RowProps {
  resource: UiResource;
  columns: readonly UiField[];
  record: Entity | undefined;
  index: number;
  top: number;
  selectable: boolean;
  selected: boolean;
  /** The column of the active cell, where it is in this row. */
  active: number | undefined;
  editing: boolean;
  events: RowEvents;
}

const isRight = ({ kind }: UiField) => kind === 'INTEGER' || kind === 'DECIMAL';

/** Drawn again only when something in it changed: the difference between 17 and 59 frames a second. */
export const GridRow = memo(function GridRow({ record, ...props }: RowProps) {
  const style = { transform: `translateY(${props.top}px)` } satisfies CSSProperties;
  if (record) return <LoadedRow {...props} record={record} style={style} />;
  return (
    <div role="row" aria-rowindex={props.index + 2} aria-busy="true" className={classes.row} style={style} tabIndex={-1}>
      {props.selectable && <div role="gridcell" className={classes.check} tabIndex={-1} />}
      {props.columns.map(({ name }) => (
        <div role="gridcell" key={name} className={classes.cell} tabIndex={-1}>
          <div className={classes.waiting} />
        </div>
      ))}
    </div>
  );
});

function LoadedRow({
  resource,
  columns,
  record,
  index,
  style,
  selectable,
  selected,
  active,
  editing,
  events,
}: Omit<RowProps, 'record' | 'top'> & { record: Entity; style: CSSProperties }) {
  const flashed = useFlash(record.id);
  const title = titleOf(resource, record);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : undefined}
      className={classes.row}
      data-flashed={flashed || undefined}
      data-selected={selected || undefined}
      style={style}
      tabIndex={-1}
    >
      {selectable && (
        <div role="gridcell" className={classes.check} tabIndex={-1}>
          <input
            type="checkbox"
            className={classes.box}
            aria-label={`Select ${title}`}
            checked={selected}
            tabIndex={-1}
            onChange={() => {}}
            onClick={(event) => events.toggle(index, event.shiftKey)}
          />
        </div>
      )}
      {columns.map((field, column) => {
        const isActive = active === column;
        const isEdited = isActive && editing;
        return (
          <div
            role="gridcell"
            key={field.name}
            aria-colindex={column + 1 + (selectable ? 1 : 0)}
            className={classes.cell}
            data-cell={`${index}:${column}`}
            data-align={isRight(field) ? 'right' : undefined}
            data-active={isActive || undefined}
            data-title={field.name === resource.titleField || undefined}
            tabIndex={isActive && !isEdited ? 0 : -1}
          >
            {isEdited ? (
              <CellEditor resource={resource} field={field} record={record} leave={events.leave} />
            ) : field.name === resource.titleField && resource.operations.get ? (
              <RecordLink resource={resource} record={record} className={classes.link} tabIndex={-1}>
                {title}
              </RecordLink>
            ) : (
              <Value field={field} record={record} compact />
            )}
          </div>
        );
      })}
    </div>
  );
}
