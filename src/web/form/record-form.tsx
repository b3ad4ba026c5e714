import { Alert, Button, Fieldset, Group, Stack } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { draftOf, dropDraft, keepDraft } from '../data/drafts.ts';
import type { UiField, UiRelation } from '../data/page.ts';
import { Refusal } from '../data/send.ts';
import { useUi } from '../data/ui.tsx';
import { inSentence } from '../fields/format.ts';
import { FieldInput } from '../fields/input.tsx';
import { inputOf, isEmpty, problemsOf, type Values } from '../fields/rules.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { messageOf } from '../shell/refused.ts';
import { useUnsaved } from '../shell/unsaved.ts';
import { sentence } from './sentence.ts';
import { type Attempt, useAttempt } from './use-attempt.ts';

interface RecordFormProps {
  fields: readonly UiField[];
  /** The values to begin with; what others make of them meanwhile changes nothing here. */
  initial?: Values;
  /** Records of other kinds that may be made with it. */
  nested?: readonly UiRelation[];
  /** What is typed is kept under this name until it is saved or discarded. */
  draft: string;
  submitLabel: string;
  /** Refuses with a `Refusal`, whose issues are shown on the fields they are about; answers what to do once it is saved. */
  onSubmit(input: Values, submitted: Submitted): Promise<() => void>;
}

interface Submitted {
  /** The same input again is the same attempt. */
  attempt: string;
  /** The values as they were when editing began. */
  initial: Values;
}

interface Child {
  key: string;
  values: Values;
}

/** A form that was left half written. */
export interface FormDraft {
  initial: Values;
  values: Values;
  children: Record<string, Child[]>;
  attempt?: Attempt;
}

/** A form made of fields: checked as the metadata says, then by the server. */
export function RecordForm({ fields, initial = {}, nested = [], draft: name, submitLabel, onSubmit }: RecordFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const fresh = (): FormDraft => ({ initial, values: { ...defaults(fields), ...initial }, children: {} });
  const [found, setFound] = useState(() => draftOf<FormDraft>(name));
  const [state, setState] = useState<FormDraft>(() => found ?? fresh());
  const [dirty, setDirty] = useState(found !== undefined);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);
  const sending = useRef(false);
  const attemptOf = useAttempt(found?.attempt);
  const settled = useUnsaved(dirty, { discard: () => dropDraft(name), kept: true });
  useEffect(() => {
    if (dirty) keepDraft(name, state);
  }, [dirty, name, state]);
  const { values, children } = state;
  const { byName } = useUi();
  const parts = nested.flatMap((relation) => {
    const target = byName.get(relation.resource);
    const own = target?.fields.filter(({ creatable, name }) => creatable && name !== relation.foreignKey) ?? [];
    return target ? [{ relation, target, fields: own }] : [];
  });

  const show = (found: Record<string, string>, message?: string) => {
    setProblems(found);
    setRefused(message);
    // The first field that is wrong gets the focus, once it says so.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (sending.current) return;
    const found = problemsOf(fields, values);
    for (const { relation, fields: own } of parts)
      for (const [index, child] of (children[relation.name] ?? []).entries())
        for (const [name, problem] of Object.entries(problemsOf(own, child.values))) found[`${relation.name}.${index}.${name}`] = problem;
    if (Object.keys(found).length) return show(found);
    sending.current = true;
    setBusy(true);
    try {
      const input = given(fields, values, state.initial);
      for (const { relation, fields: own } of parts) {
        const list = children[relation.name] ?? [];
        if (list.length) input[relation.name] = list.map((child) => given(own, child.values, {}));
      }
      const attempt = attemptOf(input);
      keepDraft(name, { ...state, attempt } satisfies FormDraft);
      const next = await onSubmit(input, { attempt: attempt.id, initial: state.initial });
      settled();
      setDirty(false);
      dropDraft(name);
      next();
    } catch (error) {
      const issues = error instanceof Refusal ? error.issues : [];
      const placed = Object.fromEntries(
        issues.map(({ path, message }) => [placeOf(fields, path.filter((part) => part !== 'input').map(String)), sentence(message)]),
      );
      const known = Object.keys(placed).filter((path) => fields.some(({ name }) => name === path) || path.includes('.'));
      show(placed, known.length === issues.length && issues.length ? undefined : messageOf(error));
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  const change = (field: string, value: unknown) => {
    setState((before) => ({ ...before, values: { ...before.values, [field]: value } }));
    setProblems(({ [field]: _solved, ...others }) => others);
    setDirty(true);
  };
  const changeChildren = (relation: string, update: (before: Child[]) => Child[]) => {
    setState((before) => ({ ...before, children: { ...before.children, [relation]: update(before.children[relation] ?? []) } }));
    setDirty(true);
  };
  const startOver = () => {
    dropDraft(name);
    setFound(undefined);
    setState(fresh());
    setDirty(false);
    show({});
  };

  return (
    <form ref={form} onSubmit={(event) => void submit(event)} noValidate aria-label={submitLabel}>
      <Stack>
        {found && (
          <Alert role="status" title="Your unsaved changes are back">
            <Button variant="default" size="xs" onClick={startOver}>
              Start over
            </Button>
          </Alert>
        )}
        {refused && (
          <Alert color="red" role="alert" title="Couldn't save">
            {refused}
          </Alert>
        )}
        {fields.map((field, index) => (
          <FieldInput
            key={field.name}
            field={field}
            value={values[field.name]}
            error={problems[field.name]}
            autoFocus={index === 0}
            onChange={(value) => change(field.name, value)}
          />
        ))}
        {parts.map(({ relation, target, fields: own }) => (
          <Fieldset key={relation.name} legend={relation.label} variant="filled">
            <Stack>
              {(children[relation.name] ?? []).map((child, index) => (
                <Stack key={child.key} gap="xs" role="group" aria-label={`${target.label} ${index + 1}`}>
                  {own.map((field) => (
                    <FieldInput
                      key={field.name}
                      field={{ ...field, help: '' }}
                      value={child.values[field.name]}
                      error={problems[`${relation.name}.${index}.${field.name}`]}
                      onChange={(value) =>
                        changeChildren(relation.name, (before) =>
                          before.map((each) =>
                            each.key === child.key ? { ...each, values: { ...each.values, [field.name]: value } } : each,
                          ),
                        )
                      }
                    />
                  ))}
                  <Group justify="flex-end">
                    <Button
                      variant="subtle"
                      color="gray"
                      onClick={() => changeChildren(relation.name, (before) => before.filter(({ key }) => key !== child.key))}
                    >
                      Remove this {inSentence(target.label)}
                    </Button>
                  </Group>
                </Stack>
              ))}
              <Group>
                <Button
                  variant="default"
                  leftSection={<Icon icon={icons.plus} size={16} />}
                  onClick={() =>
                    changeChildren(relation.name, (before) => [...before, { key: crypto.randomUUID(), values: defaults(own) }])
                  }
                >
                  Add a {inSentence(target.label)}
                </Button>
              </Group>
            </Stack>
          </Fieldset>
        ))}
        <Group justify="flex-end">
          <Button type="submit" size="sm" loading={busy}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const defaults = (fields: readonly UiField[]): Values => Object.fromEntries(fields.map((field) => [field.name, field.default ?? null]));

/** What is wrong with one value of a list is told at the list; what is wrong with a nested record, at its own field. */
const placeOf = (fields: readonly UiField[], path: readonly string[]): string =>
  fields.find(({ name }) => name === path[0])?.name ?? path.join('.');

/** What is empty is left to the server, unless it was emptied. */
function given(fields: readonly UiField[], values: Values, initial: Values): Values {
  const entries = fields.map((field) => [field.name, inputOf(field, values[field.name])] as const);
  return Object.fromEntries(
    entries.filter(([name, value]) => (name in initial ? JSON.stringify(value) !== JSON.stringify(initial[name]) : !isEmpty(value))),
  );
}
