import { Button, Group, Select, Table, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { UiResource } from '../data/page.ts';
import { count, inSentence } from '../fields/format.ts';
import { UndoLimit } from '../shell/undo-limit.tsx';
import type { Written } from './convert.ts';
import { dateReaderOf, guessDates } from './dates.ts';
import classes from './import.module.css';
import type { Mapping, Target } from './mapping.ts';
import { guessNumbers, readerOf } from './numbers.ts';
import type { Chosen, Sheet } from './read.ts';
import { ReadingChoices } from './reading.tsx';

interface MapColumnsProps {
  resource: UiResource;
  sheet: Sheet;
  targets: readonly Target[];
  mapping: Mapping;
  onChange(mapping: Mapping): void;
  chosen: Chosen;
  onRead(chosen: Chosen): void;
  onBack(): void;
  onNext(written: Written): void;
}

/** Which column is what: guessed by the names, to be put right. */
export function MapColumns({ resource, sheet, targets, mapping, chosen, onChange, onRead, onBack, onNext }: MapColumnsProps) {
  const fieldOf = (key: string | null) => targets.find((each) => each.key === key)?.field.name;
  const used = new Set(mapping.map(fieldOf).filter((name) => name !== undefined));
  const missing = [...new Map(targets.map(({ field }) => [field.name, field])).values()].filter(
    ({ name, required }) => required && !used.has(name),
  );
  const { numbers, dates } = useStyles(sheet, { mapping, targets, chosen });
  const doubtful = [numbers?.style === null && 'numbers', dates?.style === null && 'dates'].filter((each) => each !== false);
  // A field has one column: the latest choice counts.
  const choose = (column: number, key: string | null) =>
    onChange(mapping.map((before, each) => (each === column ? key : fieldOf(before) === fieldOf(key) ? null : before)));
  return (
    <>
      <Text size="sm">
        {sheet.name}: {count(sheet.rows.length)} {sheet.rows.length === 1 ? 'row' : 'rows'}. Choose which field of the new{' '}
        {inSentence(resource.label)} each column fills.{skippedSaid(sheet)}
      </Text>
      <UndoLimit changes={sheet.rows.length} instead="Split the file to be able to undo it." />
      <ReadingChoices sheet={sheet} numbers={numbers} dates={dates} onChange={onRead} />
      <div className={classes.scroll}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Column</Table.Th>
              <Table.Th scope="col">Preview</Table.Th>
              <Table.Th scope="col">Goes into</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sheet.columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no names that are sure to differ, and stay where they are.
              <Table.Tr key={index}>
                <Table.Th scope="row" fw={500}>
                  {column || `Column ${index + 1}`}
                </Table.Th>
                <Table.Td c="dimmed" className={classes.samples}>
                  {samples(sheet, index)}
                </Table.Td>
                <Table.Td>
                  <Select
                    size="xs"
                    aria-label={`${column || `Column ${index + 1}`} goes into`}
                    placeholder="Skip"
                    data={targets.map(({ key, label }) => ({ value: key, label }))}
                    value={mapping[index] ?? null}
                    onChange={(key) => choose(index, key)}
                    clearable
                    searchable
                    clearButtonProps={{ 'aria-label': `Skip ${column || `column ${index + 1}`}` }}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Group justify="space-between">
        <Text size="sm" c={missing.length || doubtful.length ? 'error' : 'dimmed'} role="status">
          {missing.length
            ? `Choose a column for ${missing.map(({ label }) => label).join(', ')}.`
            : sheet.rows.length === 0
              ? 'There are no rows below the column names.'
              : doubtful.length
                ? `Choose how the file writes ${doubtful.join(' and ')}.`
                : 'All required fields are mapped.'}
        </Text>
        <Group gap={8}>
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button
            disabled={missing.length > 0 || sheet.rows.length === 0 || doubtful.length > 0}
            onClick={() => onNext({ numbers: readerOf(numbers?.style ?? null), dates: dateReaderOf(dates?.style ?? null) })}
          >
            Check file
          </Button>
        </Group>
      </Group>
    </>
  );
}

/** How the file writes numbers and days: as somebody chose, or as it tells; undefined where nothing depends on it. */
function useStyles(sheet: Sheet, { mapping, targets, chosen }: Pick<MapColumnsProps, 'mapping' | 'targets' | 'chosen'>) {
  const guessed = useMemo(
    () => ({ numbers: guessNumbers(sheet, mapping, targets), dates: guessDates(sheet, mapping, targets) }),
    [sheet, mapping, targets],
  );
  return {
    numbers: guessed.numbers && { ...guessed.numbers, style: chosen.numbers ?? guessed.numbers.style },
    dates: guessed.dates && { ...guessed.dates, style: chosen.dates ?? guessed.dates.style },
  };
}

/** A few values; those that tell whether the encoding is right come first. */
function samples({ rows, doubtful }: Sheet, column: number): string {
  const values = [...new Set(rows.slice(0, 500).map(({ cells }) => cells[column]?.trim() ?? ''))].filter(Boolean);
  const telling = doubtful ? values.filter((value) => /[^ -~]/.test(value)) : [];
  return [...new Set([...telling, ...values])].slice(0, 3).join(' · ');
}

/** What stands above the column names is no record: that is said, not done in silence. */
function skippedSaid({ head, header }: Sheet): string {
  const above = head.filter(({ number }) => number < header).length;
  return above === 0
    ? ''
    : ` ${above === 1 ? 'The row' : `The ${above} rows`} above the column names ${above === 1 ? 'is' : 'are'} left out.`;
}
