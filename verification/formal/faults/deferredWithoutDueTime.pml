/* A hook behind an open breaker waits for a job that it does not have. */
#define DEFERRED_WITHOUT_DUE_TIME
#define FOUND_BY DUE
#include "../scopes/deliveries.pml"
