/* A hook waits for its job alone. */
#define HOOK_WITHOUT_DUE_TIME
#define FOUND_BY DUE
#include "../scopes/seals.pml"
