import { Alert, Select, SimpleGrid } from '@mantine/core';
import { dateStyles } from './dates.ts';
import { encodings } from './encoding.ts';
import { delimiterName, delimiters } from './layout.ts';
import { numberStyles } from './numbers.ts';
import { type Chosen, encodingName, type Sheet } from './read.ts';

/** What is chosen or guessed; null where somebody has to choose. */
interface Guess {
  style: string | null;
  example: string | undefined;
}

interface ReadingChoicesProps {
  sheet: Sheet;
  /** How numbers are written, where something depends on it. */
  numbers: Guess | undefined;
  /** In which order days are written, likewise. */
  dates: Guess | undefined;
  onChange(chosen: Chosen): void;
}

/** How the file is read: guessed, and to be put right where the preview looks wrong. */
export function ReadingChoices({ sheet, numbers, dates, onChange }: ReadingChoicesProps) {
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
      <SimpleGrid cols={{ base: 1, sm: 3 + (numbers ? 1 : 0) + (dates ? 1 : 0) }} spacing="xs" verticalSpacing="xs">
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
        {numbers && <StyleChoice label="Numbers" styles={numberStyles} guess={numbers} onChange={(key) => onChange({ numbers: key })} />}
        {dates && <StyleChoice label="Dates" styles={dateStyles} guess={dates} onChange={(key) => onChange({ dates: key })} />}
      </SimpleGrid>
    </>
  );
}

interface StyleChoiceProps {
  label: string;
  styles: readonly { key: string; label: string }[];
  guess: Guess;
  onChange(key: string): void;
}

const StyleChoice = ({ label, styles, guess: { style, example }, onChange }: StyleChoiceProps) => (
  <Select
    size="xs"
    label={label}
    data={styles.map(({ key, label: name }) => ({ value: key, label: name }))}
    value={style}
    placeholder="Choose"
    error={style === null && (example ? `“${example}” can be read in both ways.` : 'The file writes them in both ways.')}
    allowDeselect={false}
    onChange={(key) => key && onChange(key)}
  />
);

/** A row further down may have been chosen before the file was read in another way. */
const headChoices = (head: Sheet['head'], header: number) => head.filter(({ number, problem }) => !problem || number === header);

const namesIn = ({ cells }: Sheet['head'][number]): string => {
  const text = cells
    .map((cell) => cell.trim())
    .filter(Boolean)
    .join(', ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
