import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Entity } from '../data/page.ts';
import { send } from '../data/send.ts';
import { addressOf, useUi } from '../data/ui.tsx';
import { amount } from '../fields/format.ts';
import { Option } from '../fields/value.tsx';
import { graphql } from '../gql/gql.ts';
import { AnchorLink } from '../shell/links.tsx';
import classes from './custom.module.css';

const document = graphql(`
  query OrderCustomer($id: ID!) {
    customer(id: $id) { id databaseId name company email phone status lifetimeValue }
  }
`);

/** Who ordered, with what one needs to call them. */
export function OrderCustomer({ record }: { record: Entity }) {
  const customers = useUi().byName.get('Customer');
  const id = String(record['customerId']);
  const { data } = useQuery({
    queryKey: ['record', 'Customer', id, 'card'],
    enabled: customers !== undefined,
    queryFn: ({ signal }) => send(document, { id }, { signal }),
  });
  const customer = data?.customer;
  if (!customers || !customer) return null;
  const field = (name: string) => customers.fields.find((each) => each.name === name);
  const [status, value] = [field('status'), field('lifetimeValue')];
  return (
    <section className={classes.card} aria-label="Customer">
      <Group justify="space-between" wrap="nowrap">
        <AnchorLink fw={600} size="md" {...addressOf(customers, customer)}>
          {customer.name}
        </AnchorLink>
        {status && <Option field={status} value={customer.status} />}
      </Group>
      {customer.company && <Text size="sm">{customer.company}</Text>}
      <Group gap="md" mt={4}>
        <Anchor size="sm" href={`mailto:${customer.email}`}>
          {customer.email}
        </Anchor>
        {customer.phone && (
          <Anchor size="sm" href={`tel:${customer.phone}`}>
            {customer.phone}
          </Anchor>
        )}
        {value && (
          <Text size="sm" c="dimmed">
            {amount(value, customer.lifetimeValue)} so far
          </Text>
        )}
      </Group>
    </section>
  );
}
