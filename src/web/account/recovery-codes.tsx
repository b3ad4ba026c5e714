import { Alert, Button, Group, Stack } from '@mantine/core';
import { Copy } from '../form/told-once.tsx';
import { Icon, icons } from '../shell/icon.tsx';
import classes from './account.module.css';

/** The way in without the app, told this once. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone(): void }) {
  const text = `${codes.join('\n')}\n`;
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = Object.assign(document.createElement('a'), { href: address, download: 'facet-recovery-codes.txt' });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Stack gap="sm">
      <Alert color="indigo" role="status" title="Keep these recovery codes">
        Each lets you in once without the app. They are told this once: keep them where you find them without your phone.
      </Alert>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap={8}>
        <Copy text={text} />
        <Button variant="light" leftSection={<Icon icon={icons.download} size={16} />} onClick={download}>
          Download
        </Button>
        <Button onClick={onDone}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
