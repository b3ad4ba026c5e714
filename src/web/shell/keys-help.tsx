import { Kbd, Switch, Table } from '@mantine/core';
import { Dialog } from './confirm.tsx';
import { useSingleKeys } from './shortcuts.ts';

const keys: [keys: string[], does: string][] = [
  [['Ctrl', 'K'], 'Search records, go somewhere, make something'],
  [['?'], 'Show these keys'],
  [['/'], 'Search the list'],
  [['n'], 'Make a new record'],
  [['↑', '↓', '←', '→'], 'Go from cell to cell; j and k go down and up'],
  [['Home', 'End'], 'Go to the first or last cell of the row; with Ctrl, of the list'],
  [['Enter'], 'Edit the cell, or open the record'],
  [['e'], 'Edit the cell'],
  [['o'], 'Open the record'],
  [['x'], 'Select the row'],
  [['Shift', '↓'], 'Select up to there'],
  [['Shift', '→'], 'On a board: move the card to the next column it may go to; m shows all of them'],
  [['Tab'], 'While editing: keep the value and edit the next one'],
  [['Esc'], 'Leave the value as it was'],
];

/** What the keyboard can do. */
export function KeysHelp({ onClose }: { onClose(): void }) {
  const [single, setSingle] = useSingleKeys();
  return (
    <Dialog title="Keys" onClose={onClose}>
      <Table>
        <Table.Thead className="visually-hidden">
          <Table.Tr>
            <Table.Th scope="col">Keys</Table.Th>
            <Table.Th scope="col">What they do</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map(([names, does]) => (
            <Table.Tr key={does}>
              <Table.Td>
                {names.map((name) => (
                  <Kbd key={name} mr={4}>
                    {name}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="md"
        label="Keys of one letter"
        description="Turn them off where dictation presses them by mistake; within a list they go on."
        checked={single}
        onChange={({ currentTarget }) => setSingle(currentTarget.checked)}
      />
    </Dialog>
  );
}
