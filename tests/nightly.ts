/** Whether there is time to be thorough: `TEST_NIGHTLY=1 npm test` runs drills and random tests at their full length. */
const nightly = process.env['TEST_NIGHTLY'] !== undefined;

/** How many rounds: `day` in every run, `night` in a nightly one. */
export const times = (day: number, night: number): number => (nightly ? night : day);
