import { type HotkeyItem, useHotkeys, useLocalStorage } from '@mantine/hooks';

/** Keys of one letter are in the way of people who dictate, so they can be turned off. */
export const useSingleKeys = () => useLocalStorage({ key: 'facet-single-keys', defaultValue: true, getInitialValueInEffect: false });

export function useShortcuts(shortcuts: HotkeyItem[]): void {
  const [enabled] = useSingleKeys();
  useHotkeys(enabled ? shortcuts : []);
}
