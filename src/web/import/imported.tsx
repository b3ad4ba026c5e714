import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { type BulkResult, useUndo } from '../data/writes.ts';
import { counted } from '../fields/format.ts';
import { sayRefused } from '../shell/refused.ts';
import type { Plan } from './plan.ts';
import { Problems, rowsSaid } from './problems.tsx';
import type { Sheet } from './read.ts';

interface ImportedProps {
  sheet: Sheet;
  plan: Plan;
  result: BulkResult;
  resource: UiResource;
  /** Goes on where it stopped. */
  onContinue(): void;
  onClose(): void;
}

/** What became of it, with the way back. */
export function Imported({ sheet, plan, result, resource, onContinue, onClose }: ImportedProps) {
  const undo = useUndo();
  const { viewer, undoLimit } = useUi();
  const mayUndo = viewer.may.includes('changes:undo') && result.succeeded > 0 && result.succeeded <= undoLimit;
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
        {result.stopped && state === 'done' && (
          <Button variant="default" onClick={onContinue}>
            Continue import
          </Button>
        )}
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </>
  );
}
