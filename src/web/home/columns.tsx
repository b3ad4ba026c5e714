import { Fragment } from 'react';
import classes from './home.module.css';

export interface ColumnValue {
  key: string;
  /** What stands below it. */
  label: string;
  /** What is told of it when one points at it. */
  told: string;
  value: number;
}

interface ColumnsProps {
  values: readonly ColumnValue[];
  name: string;
  height: number;
  format(value: number): string;
}

/** A column for each value. It is for the eye alone: whoever shows it has the same as a table. */
export function Columns({ values, name, height, format }: ColumnsProps) {
  const top = roundUp(Math.max(...values.map(({ value }) => value)));
  return (
    <div aria-hidden="true" className={classes.chart} data-chart={name}>
      <span className={classes.chartName}>{name}</span>
      <div className={classes.plot} style={{ height }}>
        {[1, 0.5, 0].map((part) => (
          <Fragment key={part}>
            <span className={classes.line} style={{ bottom: `${part * 100}%` }} />
            <span className={classes.tick} style={{ bottom: `${part * 100}%` }}>
              {format(top * part)}
            </span>
          </Fragment>
        ))}
        <div className={classes.columns}>
          {values.map(({ key, told, value }) => (
            <span key={key} className={classes.column}>
              <span className={classes.told}>{told}</span>
              <span className={classes.columnFill} style={{ height: `${(value / top) * 100}%` }} />
            </span>
          ))}
        </div>
      </div>
      <div className={classes.names} data-many={values.length > 13 || undefined}>
        {values.map(({ key, label }, index) => (
          <span key={key} data-often={(values.length - 1 - index) % Math.ceil(values.length / 6) === 0 || undefined}>
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The next number that is easy to halve: 1, 2, 4, 5, 6, 8 or 10 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 6, 8, 10].find((each) => each * power >= value) ?? 10) * power;
}
