import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface ConfirmProps {
  title: string;
  children: ReactNode;
  /** What the button says: the deed itself. */
  yes: string;
  no?: string;
  danger?: boolean;
  onYes(): void;
  onClose(): void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, children, yes, no = 'Cancel', danger = false, onYes, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose} size="sm">
      <Stack>
        <Text size="sm">{children}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {no}
          </Button>
          <Button
            color={danger ? 'red' : 'indigo'}
            onClick={() => {
              onYes();
              onClose();
            }}
          >
            {yes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface DialogProps {
  title: ReactNode;
  onClose(): void;
  size?: string;
  /** Closed only on purpose: what it says is not said again. */
  keep?: boolean;
  children: ReactNode;
}

/** A modal whose head is no second banner of the page, as the kit's own is. */
export function Dialog({ title, onClose, size = 'md', keep = false, children }: DialogProps) {
  return (
    <Modal.Root opened onClose={onClose} size={size} closeOnClickOutside={!keep} closeOnEscape={!keep}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title component="h2">{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
