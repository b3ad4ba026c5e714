import { NativeSelect, SegmentedControl, Table, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { homeSeries, worth, worthWhere } from '../custom/index.ts';
import type { UiField, UiResource } from '../data/page.ts';
import type { Group } from '../data/queries.ts';
import { useSummary } from '../data/reads.ts';
import { amount, count, inSentence, shortAmount } from '../fields/format.ts';
import type { Where } from '../list/search.ts';
import { AnchorLink } from '../shell/links.tsx';
import { Columns } from './columns.tsx';
import classes from './home.module.css';
import { Panel } from './panel.tsx';
import { fullName, type Interval, intervals, type Period, periodsOf, shortName } from './periods.ts';

/** When records came to be, where groups can be made of it. */
export const birthOf = ({ fields, operations }: UiResource): UiField | undefined =>
  fields.find(({ name, groupField }) => name === 'createdAt' && groupField && operations.summary);

const spoken: Readonly<Record<Interval, string>> = { DAY: 'Days', WEEK: 'Weeks', MONTH: 'Months', QUARTER: 'Quarters' };

/** How many records came when, and what they came to. */
export function OverTime({ resource, by }: { resource: UiResource; by: UiField }) {
  const [interval, setInterval] = useState<Interval>('MONTH');
  const [form, setForm] = useState('Chart');
  const made = homeSeries[resource.name];
  const sum = resource.fields.find(({ name, summable }) => name === made?.sum && summable);
  const periods = periodsOf(interval);
  const [first] = periods;
  const counts = made ? worthWhere(resource.name) : {};
  const where = { ...counts, [by.name]: { gte: `${first?.start}T00:00:00.000Z` } };
  const query = useSummary(resource, { where, groupBy: [by], sum: sum ? [sum] : [], interval });
  const title = made?.title ?? `New ${inSentence(resource.labelPlural)}`;
  return (
    <Panel
      title={title}
      note={made && [made.note, worth[resource.name]?.note].filter(Boolean).join(', ')}
      query={query}
      tools={
        <div className={classes.tools}>
          <NativeSelect
            size="xs"
            w={104}
            aria-label={`${title} by`}
            data={intervals.map((value) => ({ value, label: spoken[value] }))}
            value={interval}
            onChange={({ currentTarget }) => setInterval(currentTarget.value as Interval)} // one of its own
          />
          <SegmentedControl size="xs" aria-label={`${title} as`} data={['Chart', 'Table']} value={form} onChange={setForm} />
        </div>
      }
    >
      {(groups) => {
        const rows = periods.map((period) => ({
          period,
          group: groups.find((group) => group[by.name] === period.start) ?? { count: 0 },
        }));
        const table = (
          <PeriodTable
            {...{ title, interval, rows, resource, sum }}
            {...(form === 'Table' && { link: ({ start, end }: Period) => ({ ...counts, [by.name]: within(start, end) }) })}
          />
        );
        if (form === 'Table') return table;
        const columns = (value: (group: Rows[number]['group']) => number, text: (group: Rows[number]['group']) => string) =>
          rows.map(({ period, group }) => ({
            key: period.start,
            label: shortName(interval, period),
            told: `${fullName(interval, period)}: ${text(group)}`,
            value: value(group),
          }));
        return (
          <>
            {sum && (
              <Columns
                name={sum.label}
                height={230}
                format={(value) => shortAmount(sum, String(value))}
                values={columns(
                  (group) => Number(group.sum?.[sum.name] ?? 0),
                  (group) => amount(sum, group.sum?.[sum.name] ?? '0'),
                )}
              />
            )}
            <Columns
              name={resource.labelPlural}
              height={sum ? 110 : 170}
              format={count}
              values={columns(
                (group) => group.count,
                (group) => count(group.count),
              )}
            />
            <VisuallyHidden component="div">{table}</VisuallyHidden>
          </>
        );
      }}
    </Panel>
  );
}

const within = (start: string, end: string) => ({ gte: `${start}T00:00:00.000Z`, lt: `${end}T00:00:00.000Z` });

type Rows = { period: Period; group: Pick<Group, 'count' | 'sum'> }[];

interface PeriodTableProps {
  title: string;
  interval: Interval;
  rows: Rows;
  resource: UiResource;
  sum: UiField | undefined;
  /** What the records of a period are filtered by, where there is room for links. */
  link?(period: Period): Where;
}

function PeriodTable({ title, interval, rows, resource, sum, link }: PeriodTableProps) {
  return (
    <Table aria-label={title} verticalSpacing={4} className={classes.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{spoken[interval].slice(0, -1)}</Table.Th>
          <Table.Th scope="col">{resource.labelPlural}</Table.Th>
          {sum && <Table.Th scope="col">{sum.label}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ period, group }) => {
          const name = fullName(interval, period);
          return (
            <Table.Tr key={period.start}>
              <Table.Th scope="row" fw={400}>
                {link ? (
                  <AnchorLink size="sm" to="/r/$resource" params={{ resource: resource.key }} search={{ where: link(period) }}>
                    {name}
                  </AnchorLink>
                ) : (
                  name
                )}
              </Table.Th>
              <Table.Td>{count(group.count)}</Table.Td>
              {sum && <Table.Td>{amount(sum, group.sum?.[sum.name] ?? '0')}</Table.Td>}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
