/* A discarded death stands again before its letter is sent. (So it was; the simulation found it.) */
#define RESTORED_BEFORE_ITS_LETTER
#define FOUND_BY REPORTED
#include "../scopes/discards.pml"
