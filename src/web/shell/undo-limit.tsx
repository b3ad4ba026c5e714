import { Alert } from '@mantine/core';
import { useUi } from '../data/ui.tsx';
import { count } from '../fields/format.ts';

/** Says before a write that it is more than one undo takes back, and what to do instead. */
export function UndoLimit({ changes, instead }: { changes: number; instead: string }) {
  const { undoLimit } = useUi();
  if (changes <= undoLimit) return null;
  return (
    <Alert color="yellow" role="alert" title="This cannot be undone at once">
      At most {count(undoLimit)} changes can be undone together; these are {count(changes)}. {instead}
    </Alert>
  );
}
