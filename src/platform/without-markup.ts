/** Replaces angle brackets in the text of a desktop notification, which may be interpreted as markup. Pure. */
export const withoutMarkup = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›')
