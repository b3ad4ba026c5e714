/** What GraphiQL opens with: one tab of operations to run, edit and learn from. */
export const examples = /* GraphQL */ `# Press Ctrl-Enter and choose an operation; Ctrl-Space completes, the book on the left explains.

query Customers {
  customers(first: 10, where: { status: { in: [PROSPECT, CUSTOMER] } }, orderBy: [{ field: LIFETIME_VALUE, direction: DESC }]) {
    totalCount
    edges {
      node {
        id
        name
        email
        lifetimeValue
        orders(limit: 5) {
          orderNumber
          total
          status
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

query Search {
  search(query: "smith", first: 5) {
    title
    rank
    record {
      id
    }
  }
}

query OneCustomer {
  customer(id: 1) {
    name
    status
    notes
    contacts {
      name
      role
      isPrimary
    }
    ordersConnection(first: 3, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
      totalCount
      nodes {
        orderNumber
        status
      }
    }
  }
}

query OpenOrdersOfProspects {
  orders(where: { customer: { status: { eq: PROSPECT } }, status: { notIn: [DELIVERED, CANCELLED] } }) {
    nodes {
      orderNumber
      total
      customer {
        name
      }
    }
  }
}

mutation CreateCustomer {
  createCustomer(input: { name: "Widget Inc", email: "hello@widget.io", status: LEAD, contacts: [{ name: "Ada", isPrimary: true }] }) {
    id
    name
    status
  }
}

mutation Upgrade {
  upgradeCustomer(id: 1) {
    id
    status
  }
}

mutation MoveOrder {
  transitionOrderStatus(id: 1, status: CONFIRMED) {
    orderNumber
    status
  }
}
`;
