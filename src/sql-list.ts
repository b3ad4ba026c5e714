/**
 * An array in SQL. `bound` stands for a text, the items with commas between them; `type` is that of an item. PostgreSQL does
 * not look at how many there are: a statement for a few would be planned anew each time, which takes it longer than to run it.
 */
export const sqlList = (bound: string, type: string): string => `(SELECT string_to_array(${bound}, ',')::${type}[])::${type}[]`;
