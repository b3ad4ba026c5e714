import { Alert, Button, FileButton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { inSentence } from '../fields/format.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { messageOf } from '../shell/refused.ts';
import classes from './import.module.css';
import { nameIn, type Target } from './mapping.ts';
import { openFile, readSheet, type Sheet } from './read.ts';

interface ChooseFileProps {
  resource: UiResource;
  targets: readonly Target[];
  onRead(sheet: Sheet): void;
}

/** A file of one's own, chosen or dropped. */
export function ChooseFile({ resource, targets, onRead }: ChooseFileProps) {
  const [problem, setProblem] = useState<string>();
  const [over, setOver] = useState(false);
  const read = (file: File | null | undefined) =>
    file &&
    openFile(file)
      .then((source) => readSheet(source, nameIn(targets)))
      .then(onRead, (error: unknown) => setProblem(`${file.name}: ${messageOf(error)}`));
  const needed = targets.filter(({ field, by }) => field.required && !by).map(({ field }) => field.label);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button is for everybody. */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void read(event.dataTransfer.files[0]);
        }}
      >
        <Stack align="center" gap="xs">
          <Icon icon={icons.upload} size={28} />
          <Text size="sm">Drop a CSV file here, or choose one.</Text>
          <FileButton onChange={(file) => void read(file)} accept=".csv,.tsv,.txt,text/csv" inputProps={{ 'aria-label': 'CSV file' }}>
            {(props) => (
              <Button {...props} data-autofocus>
                Choose a file
              </Button>
            )}
          </FileButton>
        </Stack>
      </div>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        Use one row per {inSentence(resource.label)}, with column names in the first row.
        {needed.length > 0 && ` Required: ${needed.join(', ')}.`} You can review everything before importing.
      </Text>
    </>
  );
}
