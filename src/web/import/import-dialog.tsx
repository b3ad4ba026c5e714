import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { type BulkResult, useUndo, useWrites } from '../data/writes.ts';
import { count, counted, inSentence } from '../fields/format.ts';
import type { NumberReader } from '../fields/number.ts';
import { Dialog } from '../shell/confirm.tsx';
import { messageOf, sayRefused } from '../shell/refused.ts';
import { ChooseFile } from './choose-file.tsx';
import { MapColumns } from './map-columns.tsx';
import type { Mapping } from './mapping.ts';
import { guess, nameIn, targetsOf } from './mapping.ts';
import { type Plan, planOf, problemsIn } from './plan.ts';
import { Problems } from './problems.tsx';
import { type Chosen, readSheet, type Sheet } from './read.ts';

type Step =
  | { at: 'file' }
  | { at: 'columns'; sheet: Sheet; mapping: Mapping; chosen: Chosen }
  | { at: 'working'; sheet: Sheet; what: string; done: number; total: number }
  | { at: 'tried'; sheet: Sheet; mapping: Mapping; chosen: Chosen; plan: Plan }
  | { at: 'imported'; sheet: Sheet; plan: Plan; result: BulkResult };

/** From a file to records: choose it, say which column is what, try it, write it; and take it back. */
export function ImportDialog({ resource, onClose }: { resource: UiResource; onClose(): void }) {
  const { byName } = useUi();
  const targets = targetsOf(resource, byName);
  const writes = useWrites(resource);
  const [step, setStep] = useState<Step>({ at: 'file' });
  const [failure, setFailure] = useState<string>();
  const work = useRef(new AbortController());
  useEffect(() => () => work.current.abort(), []);

  /** Does something that takes a while, from one step to the next; back to where it began when it fails or is cancelled. */
  const run = async (from: Step & { sheet: Sheet }, what: string, total: number, act: (options: Watched) => Promise<Step | undefined>) => {
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

  const attempt = (from: Step & { at: 'columns' }, numbers: NumberReader) =>
    run(from, 'Checking', from.sheet.rows.length, async ({ signal, onProgress }) => {
      const { ready, problems, notes } = await planOf(from.sheet, { mapping: from.mapping, targets, numbers }, signal);
      const skipped = from.sheet.rows.length - ready.length;
      const result = await writes.createMany(inputsOf(ready), true, { signal, onProgress: (done) => onProgress(skipped + done) });
      if (result.stopped) return undefined;
      const refused = problemsIn(resource, ready, result);
      const failed = new Set(result.results.filter(({ error }) => error).map(({ index }) => index));
      const left = ready.filter((_, index) => !failed.has(index));
      return { ...from, at: 'tried', plan: { ready: left, problems: sorted([...problems, ...refused]), notes: notesOf(notes, left) } };
    });

  const write = (from: Step & { at: 'tried' }) =>
    run(from, 'Importing', from.plan.ready.length, async (options) => {
      const { ready, problems, notes } = from.plan;
      const result = await writes.createMany(inputsOf(ready), false, options);
      const untried = ready.slice(result.results.length).map(({ row }) => ({ row, field: '', message: result.stopped ?? '' }));
      const written = ready.filter((_, index) => result.results[index] && !result.results[index].error);
      const plan = {
        ready,
        problems: sorted([...problems, ...problemsIn(resource, ready, result), ...untried]),
        notes: notesOf(notes, written),
      };
      return { at: 'imported', sheet: from.sheet, plan, result };
    });

  return (
    <Dialog title={`Import ${inSentence(resource.labelPlural)}`} size="xl" onClose={step.at === 'working' ? () => {} : onClose}>
      <Stack>
        {failure && (
          <Alert color="red" role="alert" title="Something went wrong">
            {failure} Nothing was imported.
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
            onNext={(numbers) => void attempt(step, numbers)}
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
            <Problems sheet={step.sheet} {...step.plan} />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setStep({ ...step, at: 'columns' })}>
                Back
              </Button>
              <Button disabled={step.plan.ready.length === 0} onClick={() => void write(step)} data-autofocus>
                Import {counted(step.plan.ready.length, resource)}
              </Button>
            </Group>
          </>
        )}
        {step.at === 'imported' && <Imported {...step} resource={resource} onClose={onClose} />}
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

function rowsSaid(problems: Plan['problems']): string {
  const rows = new Set(problems.map(({ row }) => row.number)).size;
  return `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;
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

interface ImportedProps {
  sheet: Sheet;
  plan: Plan;
  result: BulkResult;
  resource: UiResource;
  onClose(): void;
}

/** What became of it, with the way back. */
function Imported({ sheet, plan, result, resource, onClose }: ImportedProps) {
  const undo = useUndo();
  const mayUndo = useUi().viewer.may.includes('changes:undo') && result.succeeded > 0;
  const [state, setState] = useState<'done' | 'undoing' | 'undone'>('done');
  const takeBack = async () => {
    setState('undoing');
    try {
      await undo(result.changeSet);
      setState('undone');
    } catch (error) {
      sayRefused(error, 'Couldn’t undo the import');
      setState('done');
    }
  };
  return (
    <>
      <Alert
        color={state === 'undone' ? 'gray' : plan.problems.length ? 'yellow' : 'green'}
        role="status"
        title={
          state === 'undone'
            ? 'Import undone'
            : `${counted(result.succeeded, resource)} ${result.succeeded === 1 ? 'was' : 'were'} imported`
        }
      >
        {result.stopped && <Text size="sm">The import stopped early: {result.stopped}</Text>}
        {plan.problems.length > 0 && (
          <Text size="sm">{rowsSaid(plan.problems)} left out. Download and correct them, then import that file.</Text>
        )}
      </Alert>
      <Problems sheet={sheet} {...plan} />
      <Group justify="flex-end">
        {mayUndo && state !== 'undone' && (
          <Button variant="default" loading={state === 'undoing'} onClick={() => void takeBack()}>
            Undo
          </Button>
        )}
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </>
  );
}
