/**
 * The version of items and jobs that this code writes, as their `v`, and the newest that it understands. An attribute
 * that may be left out without changing what the others mean needs no new version; everything else does.
 */
export const VERSION = 1;
