/* An open breaker waits for an answer, and nobody asks. */
#define NEVER_PROBED
#define FOUND_BY FINISHED
#include "../scopes/deliveries.pml"
