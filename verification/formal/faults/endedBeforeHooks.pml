/* A session is marked as ended before its hooks stand. */
#define ENDED_BEFORE_HOOKS
#define FOUND_BY FINISHED
#include "../scopes/seals.pml"
