/**
 * How the modules of this program end: the sources are run as they are, and the package holds what they are compiled to.
 * The compiler changes the endings of imports; a module that is named in another way takes its ending from here.
 */
export const MODULE_ENDING = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
