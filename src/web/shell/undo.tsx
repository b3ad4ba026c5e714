import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useUi } from '../data/ui.tsx';
import { useUndo } from '../data/writes.ts';
import { count } from '../fields/format.ts';
import { sayRefused } from './refused.ts';

/** Says what was done, with the way back. */
export function useDone() {
  const undo = useUndo();
  const mayUndo = useUi().viewer.may.includes('changes:undo');
  return (message: string, changeSet?: string) => {
    const id = crypto.randomUUID();
    const takeBack = async () => {
      notifications.hide(id);
      try {
        const undone = await undo(changeSet ?? '');
        notifications.show({ message: `Taken back: ${count(undone)} ${undone === 1 ? 'change' : 'changes'}.` });
      } catch (error) {
        sayRefused(error, 'It could not be taken back');
      }
    };
    notifications.show({
      id,
      autoClose: 8000,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{message}</Text>
          {changeSet && mayUndo && (
            <Button variant="light" onClick={() => void takeBack()}>
              Undo
            </Button>
          )}
        </Group>
      ),
    });
  };
}
