import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { type BulkResult, newChangeSet, useWrites } from '../data/writes.ts';
import { count, counted, inSentence } from '../fields/format.ts';
import { Dialog } from '../shell/confirm.tsx';
import { messageOf } from '../shell/refused.ts';
import { UndoLimit } from '../shell/undo-limit.tsx';
import { leave, useUnsaved } from '../shell/unsaved.ts';
import { ChooseFile } from './choose-file.tsx';
import type { Written } from './convert.ts';
import { Imported } from './imported.tsx';
import { MapColumns } from './map-columns.tsx';
import type { Mapping } from './mapping.ts';
import { guess, nameIn, targetsOf } from './mapping.ts';
import { type Plan, planOf, problemsIn } from './plan.ts';
import { Problems, rowsSaid } from './problems.tsx';
import { type Chosen, readSheet, type Sheet } from './read.ts';

type Step =
  | { at: 'file' }
  | { at: 'columns'; sheet: Sheet; mapping: Mapping; chosen: Chosen }
  | { at: 'working'; sheet: Sheet; what: string; done: number; total: number }
  | Tried
  | { at: 'imported'; from: Tried; plan: Plan; result: BulkResult };

interface Tried {
  at: 'tried';
  sheet: Sheet;
  mapping: Mapping;
  chosen: Chosen;
  plan: Plan;
  /** The import of this plan, however often it is begun: a part whose answer was lost is not written twice. */
  attempt: string;
}

/** From a file to records: choose it, say which column is what, try it, write it; and take it back. */
export function ImportDialog({ resource, onClose }: { resource: UiResource; onClose(): void }) {
  const { byName } = useUi();
  const targets = targetsOf(resource, byName);
  const writes = useWrites(resource);
  const [step, setStep] = useState<Step>({ at: 'file' });
  const [failure, setFailure] = useState<string>();
  const work = useRef(new AbortController());
  useEffect(() => () => work.current.abort(), []);
  useUnsaved(step.at !== 'file' && step.at !== 'imported');

  /** Does something that takes a while, from one step to the next; back to where it began when it fails or is cancelled. */
  const run = async (
    from: Extract<Step, { sheet: Sheet }>,
    what: string,
    total: number,
    act: (options: Watched) => Promise<Step | undefined>,
  ) => {
    work.current = new AbortController();
    const { signal } = work.current;
    const show = (done: number) => setStep({ at: 'working', sheet: from.sheet, what, done, total });
    setFailure(undefined);
    show(0);
    try {
      setStep((await act({ signal, onProgress: show })) ?? from);
    } catch (error) {
      if (!signal.aborted) setFailure(messageOf(error));
      setStep(from);
    }
  };

  /** Reads the file again, as somebody has chosen. */
  const read = (from: Step & { at: 'columns' }, more: Chosen) => {
    const chosen = { ...from.chosen, ...more };
    try {
      const sheet = readSheet(from.sheet.source, nameIn(targets), chosen);
      setFailure(undefined);
      setStep({ at: 'columns', sheet, mapping: guess(sheet.columns, targets), chosen });
    } catch (error) {
      setFailure(messageOf(error));
    }
  };

  const check = (from: Step & { at: 'columns' }, written: Written) =>
    run(from, 'Checking', from.sheet.rows.length, async ({ signal, onProgress }) => {
      const { ready, problems, notes } = await planOf(from.sheet, { mapping: from.mapping, targets, ...written }, signal);
      const skipped = from.sheet.rows.length - ready.length;
      const result = await writes.createMany(inputsOf(ready), true, { signal, onProgress: (done) => onProgress(skipped + done) });
      if (result.stopped) return undefined;
      const refused = problemsIn(resource, ready, result);
      const failed = new Set(result.results.filter(({ error }) => error).map(({ index }) => index));
      const left = ready.filter((_, index) => !failed.has(index));
      const plan = { ready: left, problems: sorted([...problems, ...refused]), notes: notesOf(notes, left) };
      return { ...from, at: 'tried', plan, attempt: newChangeSet() };
    });

  const write = (from: Tried) =>
    run(from, 'Importing', from.plan.ready.length, async (options) => {
      const { ready, problems, notes } = from.plan;
      const result = await writes.createMany(inputsOf(ready), false, { ...options, attempt: from.attempt });
      const untried = ready.slice(result.results.length).map(({ row }) => ({ row, field: '', message: result.stopped ?? '' }));
      const written = ready.filter((_, index) => result.results[index] && !result.results[index].error);
      const plan = {
        ready,
        problems: sorted([...problems, ...problemsIn(resource, ready, result), ...untried]),
        notes: notesOf(notes, written),
      };
      return { at: 'imported', from, plan, result };
    });

  return (
    <Dialog
      title={`Import ${inSentence(resource.labelPlural)}`}
      size="xl"
      onClose={step.at === 'working' ? () => {} : () => leave(onClose)}
    >
      <Stack>
        {failure && (
          <Alert color="red" role="alert" title="Something went wrong">
            {failure} {step.at === 'tried' ? 'Import again: no row is imported twice.' : 'Nothing was imported.'}
          </Alert>
        )}
        {step.at === 'file' && (
          <ChooseFile
            resource={resource}
            targets={targets}
            onRead={(sheet) => setStep({ at: 'columns', sheet, mapping: guess(sheet.columns, targets), chosen: {} })}
          />
        )}
        {step.at === 'columns' && (
          <MapColumns
            {...step}
            resource={resource}
            targets={targets}
            onChange={(mapping) => setStep({ ...step, mapping })}
            onRead={(chosen) => read(step, chosen)}
            onBack={() => setStep({ at: 'file' })}
            onNext={(written) => void check(step, written)}
          />
        )}
        {step.at === 'working' && <Working {...step} onCancel={() => work.current.abort()} />}
        {step.at === 'tried' && (
          <>
            <Alert
              color={step.plan.problems.length ? 'yellow' : 'indigo'}
              role="status"
              title={`${counted(step.plan.ready.length, resource)} can be imported`}
            >
              {step.plan.problems.length ? `${rowsSaid(step.plan.problems)} can’t, and will be left out.` : 'Every row can be imported.'}{' '}
              Nothing has been imported yet.
            </Alert>
            <UndoLimit changes={step.plan.ready.length} instead="Split the file to be able to undo it." />
            <Problems sheet={step.sheet} {...step.plan} />
            <Group justify="flex-end">
              <Button
                variant="default"
                onClick={() => {
                  setFailure(undefined);
                  setStep({ ...step, at: 'columns' });
                }}
              >
                Back
              </Button>
              <Button disabled={step.plan.ready.length === 0} onClick={() => void write(step)} data-autofocus>
                Import {counted(step.plan.ready.length, resource)}
              </Button>
            </Group>
          </>
        )}
        {step.at === 'imported' && (
          <Imported {...step} sheet={step.from.sheet} resource={resource} onContinue={() => void write(step.from)} onClose={onClose} />
        )}
      </Stack>
    </Dialog>
  );
}

interface Watched {
  signal: AbortSignal;
  onProgress(done: number): void;
}

const inputsOf = (ready: Plan['ready']) => ready.map(({ input }) => input);
const sorted = (problems: Plan['problems']) => problems.sort((one, other) => one.row.number - other.row.number);

/** What is left out of rows that are written; of the others everything is. */
function notesOf(notes: Plan['notes'], written: Plan['ready']): Plan['notes'] {
  const rows = new Set(written.map(({ row }) => row.number));
  return notes.filter(({ row }) => rows.has(row.number));
}

function Working({ what, done, total, onCancel }: { what: string; done: number; total: number; onCancel(): void }) {
  const [cancelled, setCancelled] = useState(false);
  return (
    <>
      <Text size="sm" role="status">
        {cancelled ? 'Stopping after the rows being sent…' : `${what}: ${count(done)} of ${count(total)} rows`}
      </Text>
      <Progress.Root>
        <Progress.Section value={total ? (done / total) * 100 : 0} aria-label={what} />
      </Progress.Root>
      <Group justify="flex-end">
        <Button
          variant="default"
          disabled={cancelled}
          onClick={() => {
            setCancelled(true);
            onCancel();
          }}
        >
          Cancel
        </Button>
      </Group>
    </>
  );
}
