/* A redrive revives whatever is dead, not the death that its plan names. */
#define REVIVES_ANY_DEATH
#define FOUND_BY ONE_REVIVAL
#include "../scopes/redrives.pml"
