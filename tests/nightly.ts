/** Whether there is time to be thorough: `TEST_NIGHTLY=1 npm test` runs drills and random tests at their full length. */
const nightly = process.env['TEST_NIGHTLY'] !== undefined;

/** How often something is done by day, and how often at night. */
export const times = (day: number, night: number): number => (nightly ? night : day);
