import { Avatar, Box, Kbd, Menu, Text, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { askAuth } from '../data/sign-in.ts';
import { isDevelopment, useUi } from '../data/ui.tsx';
import { roleName } from '../fields/format.ts';
import { Icon, icons } from './icon.tsx';
import { sayRefused } from './refused.ts';
import classes from './shell.module.css';

/** Ends this session, and leaves nothing of it on the screen. */
export const signOut = () => askAuth('sign-out', {}).then(() => location.assign('/sign-in'), sayRefused);

interface AccountMenuProps {
  onKeys(): void;
  onNavigate(): void;
}

/** Who one is here, and what is one's own. */
export function AccountMenu({ onKeys, onNavigate }: AccountMenuProps) {
  const { viewer, credential } = useUi();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  const development = isDevelopment(credential);
  return (
    <Menu position="top-start" width={208} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <Avatar name={viewer.name} color="indigo" size={28} radius="xl" aria-hidden />
          <Box className={classes.who}>
            <Text size="sm" fw={500} truncate>
              {viewer.name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {development ? 'Development access' : roleName(viewer.role)}
            </Text>
          </Box>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<Icon icon={icons.user} size={16} />}
          onClick={() => {
            onNavigate();
            void navigate({ to: '/account' });
          }}
        >
          Account
        </Menu.Item>
        <Menu.Item leftSection={<Icon icon={icons[other === 'dark' ? 'moon' : 'sun']} size={16} />} onClick={() => setColorScheme(other)}>
          Use the {other} theme
        </Menu.Item>
        <Menu.Item onClick={() => setColorScheme('auto')}>Use the system’s theme</Menu.Item>
        <Menu.Item onClick={onKeys} rightSection={<Kbd size="xs">?</Kbd>}>
          Keys
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item component="a" href="/docs">
          REST documentation
        </Menu.Item>
        <Menu.Item component="a" href="/graphql">
          GraphQL explorer
        </Menu.Item>
        <Menu.Divider />
        {development ? (
          <Menu.Item component="a" href="/sign-in">
            Sign in as somebody
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<Icon icon={icons.leave} size={16} />} onClick={() => void signOut()}>
            Sign out
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
