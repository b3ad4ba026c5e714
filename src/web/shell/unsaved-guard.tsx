import { useBlocker } from '@tanstack/react-router';
import { Confirm } from './dialogs.ts';
import { discardAll, isUnsaved, useLeaving } from './unsaved.ts';

/** Asks before what is half written is left: by Back, by a link, by closing the form, and by the browser itself. */
export function UnsavedGuard() {
  const blocker = useBlocker({ shouldBlockFn: isUnsaved, enableBeforeUnload: isUnsaved, withResolver: true });
  const { go, stay } = useLeaving();
  if (blocker.status !== 'blocked' && !go) return null;
  return (
    <Confirm
      title="Discard changes?"
      yes="Discard"
      no="Keep editing"
      danger
      onYes={() => {
        discardAll();
        go?.();
        blocker.proceed?.();
      }}
      onClose={() => {
        stay();
        blocker.reset?.();
      }}
    >
      What you entered has not been saved.
    </Confirm>
  );
}
