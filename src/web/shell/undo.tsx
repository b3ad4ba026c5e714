import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useUi } from '../data/ui.tsx';
import { type Undone, useUndo } from '../data/writes.ts';
import { count } from '../fields/format.ts';
import { sayRefused } from './refused.ts';
import classes from './shell.module.css';

const changes = (many: number): string => `${count(many)} ${many === 1 ? 'change' : 'changes'}`;

/** What an undo could not take back; nothing where it was all. */
export const leftSaid = ({ left }: Undone): string =>
  left ? `${changes(left)} ${left === 1 ? 'stays' : 'stay'}, because you may not see ${left === 1 ? 'it' : 'them'}.` : '';

/** Says what was done, with the way back. */
export function useDone() {
  const undo = useUndo();
  const mayUndo = useUi().viewer.may.includes('changes:undo');
  return (message: string, changeSet?: string) => {
    const id = crypto.randomUUID();
    const takeBack = async () => {
      notifications.hide(id);
      try {
        const done = await undo(changeSet ?? '');
        notifications.show({ message: `Taken back: ${changes(done.undone)}. ${leftSaid(done)}` });
      } catch (error) {
        sayRefused(error, 'It could not be taken back');
      }
    };
    notifications.show({
      id,
      autoClose: 8000,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" className={classes.said}>
            {message}
          </Text>
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
