import { Avatar, Box, Text, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { askAuth } from '../data/sign-in.ts';
import { isDevelopment, useUi } from '../data/ui.tsx';
import { roleName } from '../fields/format.ts';
import { icons } from './icon.tsx';
import { MenuButton } from './menu-button.tsx';
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
    <MenuButton
      position="top-start"
      width={208}
      entries={[
        [
          {
            label: 'Account',
            icon: icons.user,
            onClick: () => {
              onNavigate();
              void navigate({ to: '/account' });
            },
          },
          { label: `Use the ${other} theme`, icon: icons[other === 'dark' ? 'moon' : 'sun'], onClick: () => setColorScheme(other) },
          { label: 'Use the system’s theme', onClick: () => setColorScheme('auto') },
          { label: 'Keys', hotkey: '?', onClick: onKeys },
        ],
        [
          { label: 'REST documentation', href: '/docs' },
          { label: 'GraphQL explorer', href: '/graphql' },
        ],
        [
          development
            ? { label: 'Sign in as somebody', href: '/sign-in' }
            : { label: 'Sign out', icon: icons.leave, onClick: () => void signOut() },
        ],
      ]}
    >
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
    </MenuButton>
  );
}
