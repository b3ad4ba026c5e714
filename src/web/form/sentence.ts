/** What is wrong with a field, as a sentence: `is required` → `It is required.` */
export const sentence = (message: string): string => (/^[a-z]/.test(message) ? `It ${message}.`.replace(/\.\.$/, '.') : message);
