/** A change as receivers are told of it: what happened to which record, not its values. */
export interface ChangeEvent {
  /** `customer.updated` */
  type: string;
  timestamp: string;
  data: {
    resource: string;
    recordId: number;
    /** The same, by the name that receivers have known it by. */
    id: number;
    op: string;
    changedFields: string[];
    version: number;
    actor: string | null;
    surface: string;
    changeSet: string;
    cursor: string;
  };
}
