// The stores of GraphQL clients, from the packages that are installed here.
export { InMemoryCache } from '@apollo/client/cache';
export { Client, fetchExchange } from '@urql/core';
export { cacheExchange } from '@urql/exchange-graphcache';
export type { ConcreteRequest, NormalizationSelection } from 'relay-runtime';
export { createOperationDescriptor, Environment, Network, RecordSource, Store } from 'relay-runtime';
