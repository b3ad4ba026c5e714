import { Skeleton, Text } from '@mantine/core';
import { worth, worthWhere } from '../custom/index.ts';
import type { UiField, UiResource } from '../data/page.ts';
import { useSummary } from '../data/reads.ts';
import { amount, count } from '../fields/format.ts';
import { also, type ListSearch, queryOf, viewSearch } from '../list/search.ts';
import { Icon } from '../shell/icon.tsx';
import { CardLink } from '../shell/links.tsx';
import classes from './home.module.css';

/** What a kind of records is added up by: what its board adds up. */
export const sumFieldOf = ({ fields, board }: UiResource): UiField | undefined =>
  fields.find(({ name, summable }) => name === board?.sumField && summable);

/** How much there is of everything, and of every list that a definition names: each tile is the way to what it counts. */
export function Tiles({ resources }: { resources: readonly UiResource[] }) {
  return (
    <div className={classes.tiles}>
      {resources.flatMap((resource) => [
        <Tile key={resource.key} resource={resource} label={`All ${resource.labelPlural.toLowerCase()}`} search={{}} />,
        ...resource.views
          .filter(({ where }) => where)
          .map((view) => (
            <Tile
              key={`${resource.key} ${view.key}`}
              resource={resource}
              label={`${resource.labelPlural}: ${view.label.toLowerCase()}`}
              search={viewSearch(resource, view)}
            />
          )),
      ])}
    </div>
  );
}

function Tile({ resource, label, search }: { resource: UiResource; label: string; search: ListSearch }) {
  const sum = sumFieldOf(resource);
  const { where } = queryOf(resource, search);
  const { data, error } = useSummary(resource, { where, sum: sum ? [sum] : [] });
  const [group] = data ?? [];
  const counts = worth[resource.name];
  const worthy = useSummary(resource, {
    where: counts ? also(where, worthWhere(resource.name)) : where,
    sum: sum ? [sum] : [],
  });
  const [worthGroup] = worthy.data ?? [];
  // What is worth nothing yet need not say so.
  const total = sum && Number(worthGroup?.sum?.[sum.name] ?? 0) !== 0 && worthGroup?.sum?.[sum.name];
  const note = counts && worthGroup?.count !== group?.count ? `, ${counts.note}` : '';
  return (
    <CardLink to="/r/$resource" params={{ resource: resource.key }} search={search} withBorder className={classes.tile}>
      <Text span size="sm" c="dimmed" className={classes.tileLabel}>
        <Icon icon={resource.icon} size={16} />
        {label}
      </Text>
      <span className={classes.number}>
        {error ? '–' : data ? count(group?.count ?? 0) : <Skeleton component="span" display="inline-block" height={24} width={64} />}
      </span>
      {sum && (
        <Text span size="xs" c="dimmed">
          {error || worthy.error ? 'It could not be counted.' : total ? `${sum.label} ${amount(sum, total)}${note}` : ' '}
        </Text>
      )}
    </CardLink>
  );
}
