import { assignRef } from '@mantine/hooks';
import { cloneElement, type ReactElement, type Ref, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Later } from './later.tsx';

/** What a part is told that a button opens. */
export interface Opened {
  /** Of the button; the kit derives that of the part from it. */
  id: string;
  button: RefObject<HTMLElement | null>;
  opened: boolean;
  onChange(opened: boolean): void;
}

interface OpenerProps<P> {
  popup: 'menu' | 'dialog';
  /** Takes a ref, and the attributes of a button. */
  children: ReactElement<ButtonAttributes>;
  part: Later<P & Opened>;
  props: P;
}

interface ButtonAttributes {
  ref?: Ref<HTMLElement>;
  id?: string;
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
}

/** A button and what it opens, which is loaded when a pointer or the focus comes near. */
export function Opener<P extends object>({ popup, children, part: Part, props }: OpenerProps<P>) {
  const id = useId();
  const button = useRef<HTMLElement>(null);
  const [wanted, setWanted] = useState(false);
  const [opened, setOpened] = useState(false);
  const attributes = {
    ref: button,
    id,
    'aria-haspopup': popup,
    'aria-expanded': opened,
    'aria-controls': opened ? `${id}-dropdown` : undefined,
    onPointerEnter: Part.preload,
    onFocus: Part.preload,
    onClick: async () => {
      if (!(await Part.load())) return;
      setWanted(true);
      setOpened(!opened);
    },
  };
  const onChange = (next: boolean) => {
    setOpened(next);
    // The kit does so only for what it has seen closed before.
    if (!next) button.current?.focus({ preventScroll: true });
  };
  return (
    <>
      {cloneElement(children, attributes)}
      {wanted && <Part {...props} id={id} button={button} opened={opened} onChange={onChange} />}
    </>
  );
}

/** Stands in the kit's tree for a button that is on the page already. */
export function Beside({ button, ref }: { button: Opened['button']; ref?: Ref<HTMLElement> }) {
  useLayoutEffect(() => {
    assignRef(ref, button.current);
    return () => void assignRef(ref, null);
  }, [ref, button]);
  return null;
}
