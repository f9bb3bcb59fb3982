/* A hook is discarded while a worker has it. */
#define DISCARDS_UNDER_A_LEASE
#define FOUND_BY GIVEN_UP
#include "../scopes/discards.pml"
