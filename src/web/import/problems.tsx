import { Button, Group, Table, Text } from '@mantine/core';
import { count } from '../fields/format.ts';
import { Icon, icons } from '../shell/icon.tsx';
import classes from './import.module.css';
import type { Problem } from './plan.ts';
import { type Row, type Sheet, writeSheet } from './read.ts';

/** More than these nobody reads here; the file has all of them. */
const mostShown = 100;

interface ProblemsProps {
  sheet: Sheet;
  problems: readonly Problem[];
  notes: readonly Problem[];
}

/** What is wrong, row by row; those rows as a file, to be corrected and imported; and what is left out of the others. */
export function Problems({ sheet, problems, notes }: ProblemsProps) {
  if (problems.length === 0 && notes.length === 0) return null;
  const save = () => {
    const address = URL.createObjectURL(new Blob([writeSheet(sheet, byRow(problems))], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${sheet.name.replace(/\.\w+$/, '')} – problems.csv`;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <>
      {problems.length > 0 && <ByRow label="Problems" what="Problem" items={problems} />}
      {problems.length > 0 && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {problems.length > mostShown && `and ${count(problems.length - mostShown)} more in the file`}
          </Text>
          <Button variant="default" leftSection={<Icon icon={icons.download} size={16} />} onClick={save}>
            Download these rows
          </Button>
        </Group>
      )}
      {notes.length > 0 && (
        <>
          <Text size="sm">
            {count(notes.length)} {notes.length === 1 ? 'value is' : 'values are'} imported in part:
          </Text>
          <ByRow label="Imported in part" what="What is left out" items={notes} />
        </>
      )}
    </>
  );
}

function ByRow({ label, what, items }: { label: string; what: string; items: readonly Problem[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Row</Table.Th>
            <Table.Th scope="col">Field</Table.Th>
            <Table.Th scope="col">{what}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.slice(0, mostShown).map(({ row, field, message }) => (
            <Table.Tr key={`${row.number} ${field} ${message}`}>
              <Table.Td>{row.number}</Table.Td>
              <Table.Td>{field || 'Whole row'}</Table.Td>
              <Table.Td>{message}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** How many rows have problems. */
export function rowsSaid(problems: readonly Problem[]): string {
  const rows = new Set(problems.map(({ row }) => row.number)).size;
  return `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;
}

function byRow(problems: readonly Problem[]): { row: Row; problem: string }[] {
  const rows = Map.groupBy(problems, ({ row }) => row);
  return [...rows].map(([row, own]) => ({
    row,
    problem: own.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(' '),
  }));
}
