import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './page.module.css';

interface PageHeaderProps {
  title: ReactNode;
  /** What stands in the tab of the browser. */
  name: string;
  before?: ReactNode;
  children?: ReactNode;
}

/** The title of a page, and what can be done there. */
export function PageHeader({ title, name, before, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${name} · Facet CRM`;
  }, [name]);
  return (
    <header className={classes.header}>
      <Group gap="sm" wrap="nowrap" className={classes.title}>
        {before}
        <Title order={1} className={classes.name}>
          {title}
        </Title>
      </Group>
      <Group gap={8} wrap="nowrap" className={classes.tools}>
        {children}
      </Group>
    </header>
  );
}
