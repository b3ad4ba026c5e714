import { useMediaQuery } from '@mantine/hooks';

/** Whether the page is as narrow as a phone. */
export const useNarrow = (): boolean => useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false;
