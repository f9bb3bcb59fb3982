/* Only a session that names one before it is looked behind. (So it was; this model found it.) */
#define LOOKS_BACK_BY_PREVIOUS
#define FOUND_BY ONCE
#include "../scopes/turns.pml"
