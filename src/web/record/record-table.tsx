import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { addressOf } from '../data/ui.tsx';
import { textOf, titleOf } from '../fields/format.ts';
import { Value } from '../fields/value.tsx';
import classes from './record.module.css';

interface RecordTableProps {
  resource: UiResource;
  label: string;
  rows: readonly Entity[];
  /** The field that is the same in all of them. */
  without: string;
  /** Its name leads to the page of a record. */
  linked?: boolean;
  /** What stands at the end of a row. */
  tools?: ((row: Entity) => ReactNode) | undefined;
  /** How the name of a record shows, where that is not as it is. */
  name?: (row: Entity) => ReactNode;
}

/** A few records, all of them at once. */
export function RecordTable({ resource, label, rows, without, linked = false, tools, name }: RecordTableProps) {
  const columns = resource.columns
    .filter(({ visible, field }) => visible && field !== without)
    .flatMap(({ field }) => resource.fields.filter((each) => each.name === field));
  const cell = (field: UiField, row: Entity) => {
    if (field.name !== resource.titleField) return <Value field={field} record={row} compact />;
    if (name) return name(row);
    if (!linked || !resource.operations.get) return <Value field={field} record={row} compact />;
    return (
      <Link {...addressOf(resource, row)} className={classes.link}>
        {titleOf(resource, row)}
      </Link>
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {columns.map((field) => (
              <Table.Th key={field.name} scope="col" ta={alignOf(field)}>
                {field.label}
              </Table.Th>
            ))}
            {tools && (
              <Table.Th scope="col">
                <span className="visually-hidden">Actions</span>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              {columns.map((field) => (
                <Table.Td
                  key={field.name}
                  ta={alignOf(field)}
                  className={classes.related}
                  title={textOf(field, row[field.name], row) || undefined}
                >
                  {cell(field, row)}
                </Table.Td>
              ))}
              {tools && (
                <Table.Td ta="right" className={classes.tools}>
                  {tools(row)}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

const alignOf = ({ kind }: UiField) => (kind === 'DECIMAL' ? 'right' : 'left');
