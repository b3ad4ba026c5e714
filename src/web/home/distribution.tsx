import { Table } from '@mantine/core';
import type { UiField, UiResource } from '../data/page.ts';
import type { Group } from '../data/queries.ts';
import { useSummary } from '../data/reads.ts';
import { amount, count, inSentence } from '../fields/format.ts';
import type { Where } from '../list/search.ts';
import { AnchorLink } from '../shell/links.tsx';
import classes from './home.module.css';
import { Panel } from './panel.tsx';

interface DistributionProps {
  resource: UiResource;
  field: UiField;
  sum?: UiField | undefined;
}

interface Row {
  key: string;
  label: string;
  color: string;
  where: Where;
  group: Pick<Group, 'count' | 'sum'>;
}

/** How many records have which value, and what they come to: bars that are a table, each row the way to its records. */
export function Distribution({ resource, field, sum }: DistributionProps) {
  const query = useSummary(resource, { groupBy: [field], sum: sum ? [sum] : [] });
  return (
    <Panel title={`${resource.labelPlural} by ${nameWithin(resource, field)}`} query={query}>
      {(groups) => {
        const rows = rowsOf(field, groups);
        const most = Math.max(1, ...rows.map(({ group }) => group.count));
        return (
          <Table className={classes.distribution} verticalSpacing={5} horizontalSpacing={0} withRowBorders={false}>
            <Table.Thead className="visually-hidden">
              <Table.Tr>
                <Table.Th scope="col">{field.label}</Table.Th>
                <Table.Th scope="col">{resource.labelPlural}</Table.Th>
                {sum && <Table.Th scope="col">{sum.label}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ key, label, color, where, group }) => (
                <Table.Tr key={key}>
                  <Table.Th scope="row" fw={400}>
                    <AnchorLink size="sm" to="/r/$resource" params={{ resource: resource.key }} search={{ where }}>
                      {label}
                    </AnchorLink>
                  </Table.Th>
                  <Table.Td>
                    <span className={classes.bar}>
                      <span
                        className={classes.fill}
                        style={{ width: `${(group.count / most) * 100}%`, background: `var(--mantine-color-${color}-5)` }}
                      />
                      <span>{count(group.count)}</span>
                    </span>
                  </Table.Td>
                  {sum && <Table.Td className={classes.sum}>{amount(sum, group.sum?.[sum.name] ?? '0')}</Table.Td>}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        );
      }}
    </Panel>
  );
}

/** `Customers by status`: whose status it is has been said. */
const nameWithin = ({ label }: UiResource, field: UiField): string =>
  inSentence(field.label.startsWith(`${label} `) ? field.label.slice(label.length + 1) : field.label);

/** In the order of the definition; those without a value last, where there are any. */
function rowsOf({ name, options }: UiField, groups: readonly Group[]): Row[] {
  const of = (value: string | null) => groups.find((group) => (group[name] ?? null) === value);
  const without = of(null);
  // Where no value has a colour of its own, grey would say that nothing matters.
  const plain = options.every(({ color }) => color === 'GRAY') && 'indigo';
  return [
    ...options.map(({ value, label, color }) => ({
      key: value,
      label,
      color: plain || color.toLowerCase(),
      where: { [name]: { in: [value] } },
      group: of(value) ?? { count: 0 },
    })),
    ...(without ? [{ key: '', label: 'Not said', color: 'gray', where: { [name]: { isNull: true } }, group: without }] : []),
  ];
}
