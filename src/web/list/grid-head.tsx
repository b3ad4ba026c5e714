import { UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import type { UiField, UiResource } from '../data/page.ts';
import { Icon, icons } from '../shell/icon.tsx';
import classes from './grid.module.css';
import type { Sort } from './search.ts';

interface GridHeadProps {
  resource: UiResource;
  columns: readonly UiField[];
  sorts: readonly Sort[];
  onSort(field: UiField, add: boolean): void;
  /** How many of the rows in view are selected; undefined where none can be. */
  checked: 'all' | 'some' | 'none' | undefined;
  onCheck(): void;
}

/** The names of the columns; each sorts, with Shift in addition to what sorts already. */
export const GridHead = memo(function GridHead({ columns, sorts, onSort, checked, onCheck }: GridHeadProps) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow} tabIndex={-1}>
        {checked && (
          <div role="columnheader" className={classes.check} tabIndex={-1}>
            <input
              type="checkbox"
              className={classes.box}
              aria-label="Select the rows in view"
              checked={checked === 'all'}
              ref={(box) => {
                if (box) box.indeterminate = checked === 'some';
              }}
              onChange={onCheck}
            />
          </div>
        )}
        {columns.map((field, index) => {
          const sort = sorts.find((each) => each.field === field.name);
          const right = field.kind === 'INTEGER' || field.kind === 'DECIMAL';
          return (
            <div
              role="columnheader"
              key={field.name}
              aria-colindex={index + 1 + (checked ? 1 : 0)}
              aria-sort={sort ? (sort.descending ? 'descending' : 'ascending') : field.sortField ? 'none' : undefined}
              className={classes.headCell}
              data-align={right ? 'right' : undefined}
              tabIndex={-1}
            >
              {field.sortField ? (
                <UnstyledButton className={classes.sort} onClick={(event) => onSort(field, event.shiftKey)}>
                  <span className={classes.headName}>{field.label}</span>
                  {sort && <Icon icon={sort.descending ? icons.down : icons.up} size={14} />}
                </UnstyledButton>
              ) : (
                <span className={classes.headName}>{field.label}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
});
