import {
  AppShell,
  Avatar,
  Box,
  Burger,
  Button,
  Group,
  Kbd,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useConnection } from '../data/live-provider.tsx';
import { useUi } from '../data/ui.tsx';
import { useConflict } from './conflicts.ts';
import { Icon, icons } from './icon.tsx';
import { Nav } from './nav.tsx';
import { openPalette, Palette } from './palette.tsx';
import classes from './shell.module.css';
import { useShortcuts } from './shortcuts.ts';

// Seldom needed, so not loaded with the first page.
const KeysHelp = lazy(() => import('./keys-help.tsx').then((module) => ({ default: module.KeysHelp })));
const ConflictDialog = lazy(() => import('./conflict.tsx').then((module) => ({ default: module.ConflictDialog })));

/** What surrounds every page. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const conflict = useConflict();
  const [keys, { open: showKeys, close: hideKeys }] = useDisclosure(false);
  useShortcuts([['shift+?', showKeys]]);
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      transitionDuration={0}
    >
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" px="sm">
        <Group h="100%" justify="space-between">
          <Group gap="xs">
            <Burger opened={opened} onClick={toggle} size="sm" aria-label="Navigation" aria-expanded={opened} />
            <Brand />
          </Group>
          <Button variant="default" onClick={openPalette} aria-label="Search">
            <Icon icon={icons.search} size={16} />
          </Button>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar} aria-label="Navigation">
        <AppShell.Section visibleFrom="sm" pb="sm">
          <Group justify="space-between" px="sm" pb="sm">
            <Brand />
          </Group>
          <UnstyledButton className={classes.search} onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
            <Icon icon={icons.search} size={16} />
            <span>Search or go to</span>
            <Kbd size="xs">Ctrl K</Kbd>
          </UnstyledButton>
        </AppShell.Section>
        <AppShell.Section grow className={classes.scroll}>
          <Nav onNavigate={close} />
        </AppShell.Section>
        <AppShell.Section pt="sm">
          <ConnectionState />
          <Account onKeys={showKeys} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
      <Palette />
      {keys && (
        <Suspense>
          <KeysHelp onClose={hideKeys} />
        </Suspense>
      )}
      {conflict && (
        <Suspense>
          <ConflictDialog conflict={conflict} />
        </Suspense>
      )}
    </AppShell>
  );
}

function Brand() {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/icon.svg" alt="" width={24} height={24} />
      <Text fw={700} size="md">
        Facet
      </Text>
    </Group>
  );
}

const said = { live: 'Live', connecting: 'Connecting…', offline: 'Offline: trying again' } as const;

/** Whether what others do is seen as they do it. */
function ConnectionState() {
  const connection = useConnection();
  return (
    <Tooltip label={connection === 'live' ? 'Changes by others appear by themselves.' : 'What you see may be out of date.'}>
      <Group gap={8} px="sm" py={6} wrap="nowrap" role="status">
        <span className={classes.dot} data-connection={connection} />
        <Text size="xs" c="dimmed">
          {said[connection]}
        </Text>
      </Group>
    </Tooltip>
  );
}

function Account({ onKeys }: { onKeys(): void }) {
  const { viewer } = useUi();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Menu position="top-start" width={208}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <Avatar name={viewer.name} color="indigo" size={28} radius="xl" aria-hidden />
          <Box className={classes.who}>
            <Text size="sm" fw={500} truncate>
              {viewer.name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {viewer.role.toLowerCase().replaceAll('_', ' ')}
            </Text>
          </Box>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon icon={icons[other === 'dark' ? 'moon' : 'sun']} size={16} />} onClick={() => setColorScheme(other)}>
          Use the {other} theme
        </Menu.Item>
        <Menu.Item onClick={() => setColorScheme('auto')}>Follow the system’s theme</Menu.Item>
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
      </Menu.Dropdown>
    </Menu>
  );
}
