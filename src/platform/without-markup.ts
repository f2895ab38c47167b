/** Text for a desktop's notice, which may be read as markup (`<img src=…>` in a project's name): it has no tags then. Pure. */
export const withoutMarkup = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›')
