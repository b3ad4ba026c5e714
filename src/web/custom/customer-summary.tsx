import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import { send } from '../data/send.ts';
import { addressOf, useUi } from '../data/ui.tsx';
import { ago, amount, counted } from '../fields/format.ts';
import { sumOf } from '../fields/sum.ts';
import { graphql } from '../gql/gql.ts';
import { AnchorLink } from '../shell/links.tsx';
import classes from './custom.module.css';

const document = graphql(`
  query CustomerSummary($id: ID!) {
    byStatus: ordersSummary(where: { customerId: { eq: $id } }, groupBy: [STATUS]) { status count sum { total } }
    last: orders(where: { customerId: { eq: $id } }, first: 1, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
      nodes { id databaseId orderNumber createdAt }
    }
    primary: contacts(where: { customerId: { eq: $id }, isPrimary: { eq: true } }, first: 1) { nodes { name role email phone } }
  }
`);

const closed = ['DELIVERED', 'CANCELLED'];

/** What one wants to know before one calls: worth, what is under way, and whom to ask for. */
export function CustomerSummary({ resource, record }: { resource: UiResource; record: Entity }) {
  const orders = useUi().byName.get('Order');
  const { data } = useQuery({
    // Counts of orders: asked for again whenever one changes.
    queryKey: ['summary', 'Order', 'customer', record.id],
    enabled: orders !== undefined && !record['deletedAt'],
    queryFn: ({ signal }) => send(document, { id: record.id }, { signal }),
  });
  const value = resource.fields.find(({ name }) => name === 'lifetimeValue');
  if (!orders || !data || !value) return null;

  const open = data.byStatus.filter(({ status }) => status && !closed.includes(status));
  const [last] = data.last.nodes;
  const [contact] = data.primary.nodes;
  const sum = (groups: typeof data.byStatus) => groups.reduce((total, { count }) => total + count, 0);
  return (
    <dl className={classes.facts}>
      <Fact name="Lifetime value" detail="Delivered orders">
        {amount(value, record['lifetimeValue'] ?? '0.00')}
      </Fact>
      <Fact
        name="Orders"
        detail={
          last && (
            <AnchorLink size="xs" className={classes.link} {...addressOf(orders, last)}>
              Latest: {ago(last.createdAt)}
            </AnchorLink>
          )
        }
      >
        {last ? (
          <AnchorLink
            inherit
            className={classes.link}
            to="/r/$resource"
            params={{ resource: orders.key }}
            search={{ where: { customerId: { eq: record.id } } }}
          >
            {counted(sum(data.byStatus), orders)}
          </AnchorLink>
        ) : (
          'None yet'
        )}
      </Fact>
      <Fact name="Open orders" detail={open.length > 0 && counted(sum(open), orders)}>
        {amount(value, sumOf(open.map(({ sum: total }) => total.total)))}
      </Fact>
      <Fact
        name="Primary contact"
        detail={
          contact && (
            <>
              {contact.role}
              {contact.phone && (
                <Anchor size="xs" display="block" href={`tel:${contact.phone}`}>
                  {contact.phone}
                </Anchor>
              )}
            </>
          )
        }
      >
        {contact?.email ? (
          <Anchor inherit href={`mailto:${contact.email}`}>
            {contact.name}
          </Anchor>
        ) : (
          (contact?.name ?? 'None yet')
        )}
      </Fact>
    </dl>
  );
}

function Fact({ name, children, detail }: { name: string; children: ReactNode; detail?: ReactNode }) {
  return (
    <div className={classes.fact}>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <dd className={classes.value}>
        <Text span fw={600} size="lg">
          {children}
        </Text>
        {detail && (
          <Text size="xs" c="dimmed">
            {detail}
          </Text>
        )}
      </dd>
    </div>
  );
}
