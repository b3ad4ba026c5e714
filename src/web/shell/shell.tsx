import { AppShell, Burger, Button, Group, Kbd, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useConnection } from '../data/live-provider.tsx';
import { useSessionEnded } from '../data/session.ts';
import { AccountMenu } from './account-menu.tsx';
import { useConflict } from './conflicts.ts';
import { Icon, icons } from './icon.tsx';
import { later } from './later.tsx';
import { Nav } from './nav.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import classes from './shell.module.css';
import { useShortcuts } from './shortcuts.ts';
import { UnsavedGuard } from './unsaved-guard.tsx';
import { usePalette } from './use-palette.tsx';

// Seldom needed, so not loaded with the first page.
const KeysHelp = later(() => import('./keys-help.tsx').then((module) => module.KeysHelp));
const ConflictDialog = later(() => import('./conflict.tsx').then((module) => module.ConflictDialog));
const SignedOut = later(() => import('./signed-out.tsx').then((module) => module.SignedOut));

/** What surrounds every page. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const conflict = useConflict();
  const ended = useSessionEnded();
  const [keys, { open: showKeys, close: hideKeys }] = useDisclosure(false);
  const { palette, open: openPalette, preload } = usePalette();
  useShortcuts([
    ['shift+?', showKeys],
    // On some layouts it is a key of its own.
    ['?', showKeys],
  ]);
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
          <Button variant="default" onClick={openPalette} onPointerEnter={preload} aria-label="Search">
            <Icon icon={icons.search} size={16} />
          </Button>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar} aria-label="Navigation">
        <AppShell.Section visibleFrom="sm" pb="sm">
          <Group justify="space-between" px="sm" pb="sm">
            <Brand />
          </Group>
          <UnstyledButton className={classes.search} onClick={openPalette} onPointerEnter={preload} aria-keyshortcuts="Control+K Meta+K">
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
          <AccountMenu onKeys={showKeys} onNavigate={close} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <OfflineBanner />
        <Outlet />
      </AppShell.Main>
      {palette}
      {keys && <KeysHelp onClose={hideKeys} />}
      {ended && <SignedOut />}
      {conflict && <ConflictDialog {...conflict} />}
      <UnsavedGuard />
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
    <Group
      gap={8}
      px="sm"
      py={6}
      wrap="nowrap"
      role="status"
      title={connection === 'live' ? 'Changes by others appear by themselves.' : 'What you see may be out of date.'}
    >
      <span className={classes.dot} data-connection={connection} />
      <Text size="xs" c="dimmed">
        {said[connection]}
      </Text>
    </Group>
  );
}
