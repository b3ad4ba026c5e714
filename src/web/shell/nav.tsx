import { Stack, Text } from '@mantine/core';
import { useRouterState } from '@tanstack/react-router';
import type { UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { Icon, icons } from './icon.tsx';
import { NavItem } from './links.tsx';

/** Resources by the groups that their definitions name, in order. */
export function groupsOf(resources: readonly UiResource[]): [group: string, resources: UiResource[]][] {
  const shown = resources
    .filter(({ nav, operations }) => nav && operations.list)
    .sort((one, other) => (one.nav?.order ?? 0) - (other.nav?.order ?? 0));
  return [...Map.groupBy(shown, ({ nav }) => nav?.group ?? '')];
}

/** The kinds of records there are; a definition is all that it takes to stand here. */
export function Nav({ onNavigate }: { onNavigate: () => void }) {
  const { resources } = useUi();
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <Stack gap="lg" component="nav" aria-label="Main">
      <NavItem
        to="/"
        activeOptions={{ exact: true }}
        label="Home"
        leftSection={<Icon icon={icons.home} />}
        active={pathname === '/'}
        onClick={onNavigate}
      />
      {groupsOf(resources).map(([group, members]) => (
        <div key={group}>
          <Text size="xs" c="dimmed" fw={600} px="sm" pb={4}>
            {group}
          </Text>
          {members.map((resource) => {
            const active = pathname === `/r/${resource.key}` || pathname.startsWith(`/r/${resource.key}/`);
            return (
              <NavItem
                key={resource.key}
                to="/r/$resource"
                params={{ resource: resource.key }}
                search={{}}
                label={resource.labelPlural}
                leftSection={<Icon icon={resource.icon} />}
                active={active}
                {...(active && { 'aria-current': 'page' as const })}
                onClick={onNavigate}
              />
            );
          })}
        </div>
      ))}
    </Stack>
  );
}
