/* The deadline is not moved behind the lease, so that a session ends under a running turn. */
#define EXPIRES_UNDER_A_TURN
#define FOUND_BY LIVE_ONLY
#include "../scopes/turns.pml"
