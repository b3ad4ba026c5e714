import { Group } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { homeSeries } from '../custom/index.ts';
import type { UiResource } from '../data/page.ts';
import { summaryOptions } from '../data/queries.ts';
import { useUi } from '../data/ui.tsx';
import { inSentence } from '../fields/format.ts';
import { icons } from '../shell/icon.tsx';
import { ButtonLink } from '../shell/links.tsx';
import { groupsOf } from '../shell/nav.tsx';
import { PageHeader } from '../shell/page-header.tsx';
import { Empty } from '../shell/states.tsx';
import { Activity } from './activity.tsx';
import { Distribution } from './distribution.tsx';
import classes from './home.module.css';
import { birthOf, OverTime } from './over-time.tsx';
import { sumFieldOf, Tiles } from './tiles.tsx';

/** The start: how much there is of everything, how it came, where it stands, and what happened lately. */
export function HomePage() {
  const { resources, viewer } = useUi();
  const [first] = groupsOf(resources);
  const shown = (first?.[1] ?? []).filter(({ operations }) => operations.summary);
  const isEmpty = useIsEmpty(shown);
  return (
    <>
      <PageHeader title={`Hello, ${viewer.name}`} name="Home" />
      <div className={classes.page}>{isEmpty ? <Nothing resources={shown} /> : <Overview resources={shown} />}</div>
    </>
  );
}

/** Whether there is nothing at all; not before that is known. */
const useIsEmpty = (resources: readonly UiResource[]): boolean =>
  useQueries({
    // Those of the tiles.
    queries: resources.map((resource) => summaryOptions(resource, { sum: [sumFieldOf(resource)].filter((field) => field !== undefined) })),
    combine: (results) => results.length > 0 && results.every(({ data }) => data && (data[0]?.count ?? 0) === 0),
  });

function Overview({ resources }: { resources: readonly UiResource[] }) {
  const { resources: all, viewer } = useUi();
  // What is made by hand is worth the most room.
  const series = resources
    .flatMap((resource) => {
      const by = birthOf(resource);
      return by ? [{ resource, by }] : [];
    })
    .sort((one, other) => Number(other.resource.name in homeSeries) - Number(one.resource.name in homeSeries));
  const [main, ...others] = series;
  // What moves along a workflow comes first.
  const choices = resources
    .flatMap((resource) => resource.fields.map((field) => ({ resource, field })))
    .filter(({ field: { kind, groupField } }) => kind === 'CHOICE' && groupField)
    .sort((one, other) => other.field.transitions.length - one.field.transitions.length);
  const parts = new Set(resources.flatMap(({ relations }) => relations.filter(({ embedded }) => embedded).map(({ resource }) => resource)));
  const told = all.filter((resource) => resource.history && (resources.includes(resource) || parts.has(resource.name)));
  return (
    <>
      <Tiles resources={resources} />
      <div className={classes.main}>
        {main && <OverTime {...main} />}
        {viewer.may.includes('changes:read') && told.length > 0 && <Activity resources={told} />}
      </div>
      <div className={classes.others}>
        {choices.map(({ resource, field }) => (
          <Distribution
            key={`${resource.key} ${field.name}`}
            resource={resource}
            field={field}
            sum={field.name === resource.board?.field ? sumFieldOf(resource) : undefined}
          />
        ))}
        {others.map((each) => (
          <OverTime key={each.resource.key} {...each} />
        ))}
      </div>
    </>
  );
}

function Nothing({ resources }: { resources: readonly UiResource[] }) {
  const [first] = resources.filter(({ operations }) => operations.create);
  return (
    <Empty
      title="There is no data yet"
      icon={icons.home}
      action={
        first && (
          <Group justify="center" gap={8}>
            {first.operations.createMany && (
              <ButtonLink to="/r/$resource" params={{ resource: first.key }} search={{ import: true }}>
                Import {inSentence(first.labelPlural)}
              </ButtonLink>
            )}
            <ButtonLink variant="default" to="/r/$resource" params={{ resource: first.key }} search={{ create: true }}>
              New {inSentence(first.label)}
            </ButtonLink>
          </Group>
        )
      }
    >
      {first
        ? 'Import a file that you have, or write down the first record; this page then tells how things stand.'
        : 'What others add appears here.'}
    </Empty>
  );
}
