import { Alert, Select, SimpleGrid } from '@mantine/core';
import { encodings } from './encoding.ts';
import { delimiterName, delimiters } from './layout.ts';
import { type NumberGuess, numberStyles } from './numbers.ts';
import { type Chosen, encodingName, type Sheet } from './read.ts';

interface ReadingChoicesProps {
  sheet: Sheet;
  /** How numbers are written, where something depends on it. */
  numbers: NumberGuess | undefined;
  onChange(chosen: Chosen): void;
}

/** How the file is read: guessed, and to be put right where the preview looks wrong. */
export function ReadingChoices({ sheet, numbers, onChange }: ReadingChoicesProps) {
  const { encoding, delimiter, header, head, doubtful, damaged } = sheet;
  const separators = delimiters.some(({ key }) => key === delimiter)
    ? delimiters
    : [...delimiters, { key: delimiter, label: delimiterName(delimiter) }];
  return (
    <>
      {doubtful && !damaged && (
        <Alert color="yellow" role="status" title={`Is this ${encodingName(encoding)}?`}>
          The file doesn’t say which encoding it uses. Check accents and special characters in the preview; if they look wrong, choose
          another encoding.
        </Alert>
      )}
      {damaged && (
        <Alert color="yellow" role="status" title="Some characters can’t be read">
          Parts of the file are not {encodingName(encoding)}. If the rest of the preview looks right, go on: only rows with unreadable
          values are left out. Otherwise choose another encoding.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: numbers ? 4 : 3 }} spacing="xs" verticalSpacing="xs">
        <Select
          size="xs"
          label="Encoding"
          data={encodings.map(({ key, label }) => ({ value: key, label }))}
          value={encoding}
          allowDeselect={false}
          searchable
          onChange={(key) => key && onChange({ encoding: key })}
        />
        <Select
          size="xs"
          label="Separator"
          data={separators.map(({ key, label }) => ({ value: key, label }))}
          value={delimiter}
          allowDeselect={false}
          onChange={(key) => key && onChange({ delimiter: key })}
        />
        <Select
          size="xs"
          label="Column names"
          data={headChoices(head, header).map((row) => ({ value: String(row.number), label: `Row ${row.number}: ${namesIn(row)}` }))}
          value={String(header)}
          allowDeselect={false}
          onChange={(number) => number && onChange({ header: Number(number) })}
        />
        {numbers && (
          <Select
            size="xs"
            label="Numbers"
            data={numberStyles.map(({ key, label }) => ({ value: key, label }))}
            value={numbers.style}
            placeholder="Choose"
            error={numbers.style === null && `“${numbers.example}” can be read in both ways.`}
            allowDeselect={false}
            onChange={(key) => key && onChange({ numbers: key })}
          />
        )}
      </SimpleGrid>
    </>
  );
}

/** A row further down may have been chosen before the file was read in another way. */
const headChoices = (head: Sheet['head'], header: number) => head.filter(({ number, problem }) => !problem || number === header);

const namesIn = ({ cells }: Sheet['head'][number]): string => {
  const text = cells
    .map((cell) => cell.trim())
    .filter(Boolean)
    .join(', ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
