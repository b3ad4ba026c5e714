import { Button, Modal, Stack, Text } from '@mantine/core';
import { signInAddress } from '../data/sign-in.ts';
import { isKept, leaveForNow } from './unsaved.ts';

/** Nothing here can go on without signing in, and nothing that is on the page is lost by reading that. */
export function SignedOut() {
  return (
    <Modal.Root opened onClose={() => {}} closeOnEscape={false} closeOnClickOutside={false} size="sm" centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title component="h2">You are signed out</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Stack>
            <Text size="sm">
              This session has ended: it was ended here or on another device, or it was too old. Sign in to go on where you are.
              {isKept() && ' What you have entered is kept: it is there again when you open it.'}
            </Text>
            <Button
              size="sm"
              data-autofocus
              onClick={() => {
                leaveForNow();
                location.assign(signInAddress());
              }}
            >
              Sign in
            </Button>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
