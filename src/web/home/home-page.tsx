import { Group, SimpleGrid, Text } from '@mantine/core';
import type { UiResource } from '../data/page.ts';
import { useSummary } from '../data/reads.ts';
import { useUi } from '../data/ui.tsx';
import { count } from '../fields/format.ts';
import { Icon } from '../shell/icon.tsx';
import { CardLink } from '../shell/links.tsx';
import { groupsOf } from '../shell/nav.tsx';
import { PageHeader } from '../shell/page-header.tsx';

/** The start: how much there is of everything, and the way to it. */
export function HomePage() {
  const { resources, viewer } = useUi();
  const [first] = groupsOf(resources);
  return (
    <>
      <PageHeader title={`Hello, ${viewer.name}`} name="Home" />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} px={{ base: 'sm', sm: 20 }}>
        {(first?.[1] ?? []).map((resource) => (
          <Tile key={resource.key} resource={resource} />
        ))}
      </SimpleGrid>
    </>
  );
}

function Tile({ resource }: { resource: UiResource }) {
  const { data } = useSummary(resource, {});
  return (
    <CardLink to="/r/$resource" params={{ resource: resource.key }} search={{}} withBorder>
      <Group gap={8} c="dimmed">
        <Icon icon={resource.icon} size={16} />
        <Text size="sm">{resource.labelPlural}</Text>
      </Group>
      <Text size="28px" lh="40px" fw={600}>
        {data ? count(data[0]?.count ?? 0) : '…'}
      </Text>
    </CardLink>
  );
}
