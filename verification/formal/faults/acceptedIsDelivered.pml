/* A hook is recorded as delivered when its provider has only accepted the session. */
#define ACCEPTED_IS_DELIVERED
#define FOUND_BY ACKNOWLEDGED
#include "../scopes/accepted.pml"
