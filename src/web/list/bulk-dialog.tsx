import { Alert, Button, Group, List, Modal, Select, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { UiField, UiResource } from '../data/page.ts';
import { type BulkResult, useWrites } from '../data/writes.ts';
import { count, counted } from '../fields/format.ts';
import { FieldInput } from '../fields/input.tsx';
import { inputOf, problemOf } from '../fields/rules.ts';
import { messageOf, sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';

interface BulkDialogProps {
  resource: UiResource;
  ids: readonly string[];
  kind: 'edit' | 'delete';
  onClose(): void;
  onDone(): void;
}

/** Changes or deletes many at once, after the server has said what that would do. */
export function BulkDialog({ resource, ids, kind, onClose, onDone }: BulkDialogProps) {
  const [planned, setPlanned] = useState<Planned>();
  const writes = useWrites(resource);
  const done = useDone();
  const [busy, setBusy] = useState(false);
  const undoable = kind === 'edit' || resource.deletionUndoable;
  const apply = async () => {
    if (!planned) return;
    setBusy(true);
    try {
      const { succeeded, failed, stopped, changeSet } = await planned.run(false);
      const left = `${failed ? ` ${count(failed)} could not be.` : ''}${stopped ? ` The rest was not: ${stopped}` : ''}`;
      done(`${counted(succeeded, resource)} ${kind === 'edit' ? 'changed' : 'deleted'}.${left}`, undoable ? changeSet : undefined);
      onDone();
    } catch (error) {
      sayRefused(error);
      setBusy(false);
    }
  };
  return (
    <Modal.Root opened onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>{`${kind === 'edit' ? 'Edit' : 'Delete'} ${counted(ids.length, resource)}`}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>
          <Stack>
            {kind === 'edit' ? (
              <ChooseChange
                resource={resource}
                onChoose={(input) =>
                  setPlanned(input && { key: JSON.stringify(input), run: (dryRun) => writes.updateMany(ids, input, dryRun) })
                }
              />
            ) : (
              <PlanDeletion onPlan={() => setPlanned({ key: 'delete', run: (dryRun) => writes.deleteMany(ids, dryRun) })} />
            )}
            {planned && <Preview key={planned.key} planned={planned} verb={kind === 'edit' ? 'changed' : 'deleted'} resource={resource} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button color={kind === 'delete' ? 'red' : 'indigo'} disabled={!planned} loading={busy} onClick={() => void apply()}>
                {kind === 'edit' ? 'Change' : 'Delete'}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface Planned {
  key: string;
  run(dryRun: boolean): Promise<BulkResult>;
}

/** Nothing is left to choose. */
function PlanDeletion({ onPlan }: { onPlan(): void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens.
  useEffect(onPlan, []);
  return null;
}

function ChooseChange({ resource, onChoose }: { resource: UiResource; onChoose(input: Record<string, unknown> | undefined): void }) {
  const fields = resource.fields.filter(({ bulkEditable }) => bulkEditable);
  const [field, setField] = useState<UiField>();
  const [value, setValue] = useState<unknown>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const choose = (next: UiField, given: unknown) => {
    const input = inputOf(next, given);
    const found = problemOf(next, input);
    setProblem(found);
    onChoose(found ? undefined : { [next.name]: input });
  };
  return (
    <>
      <Select
        label="Field"
        placeholder="What to change"
        data={fields.map(({ name, label }) => ({ value: name, label }))}
        value={field?.name ?? null}
        allowDeselect={false}
        data-autofocus
        onChange={(name) => {
          const next = fields.find((each) => each.name === name);
          setField(next);
          setValue(null);
          setProblem(null);
          onChoose(undefined);
        }}
      />
      {field && (
        <FieldInput
          field={{ ...field, help: field.nullable ? 'Leave it empty to empty it.' : '' }}
          value={value}
          error={problem}
          onChange={(next) => {
            setValue(next);
            choose(field, next);
          }}
        />
      )}
    </>
  );
}

/** How many it would work for, and why not for the others; the server tries it without keeping anything. */
function Preview({ planned, verb, resource }: { planned: Planned; verb: string; resource: UiResource }) {
  const [result, setResult] = useState<BulkResult | Error>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the plan is another.
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      planned.run(true).then(
        (found) => current && setResult(found),
        (error: unknown) => current && setResult(error instanceof Error ? error : new Error(messageOf(error))),
      );
    }, 200);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [planned.key]);
  if (!result)
    return (
      <Text size="sm" c="dimmed" role="status">
        Trying it out…
      </Text>
    );
  if (result instanceof Error)
    return (
      <Alert color="red" title="It would be refused">
        {result.message}
      </Alert>
    );
  const reasons = [
    ...Map.groupBy(
      result.results.filter(({ error }) => error),
      ({ error }) => error?.message ?? '',
    ),
  ];
  return (
    <Alert color={result.failed ? 'yellow' : 'indigo'} role="status" title={`${counted(result.succeeded, resource)} will be ${verb}`}>
      {result.planned.length > result.succeeded && (
        <Text size="sm">With what belongs to them, {count(result.planned.length)} records.</Text>
      )}
      {reasons.length > 0 && (
        <List size="sm">
          {reasons.slice(0, 5).map(([reason, items]) => (
            <List.Item key={reason}>
              {count(items.length)} not: {reason}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
