/* A claim writes the conversation whatever has become of it since it was read. */
#define CLAIM_WITHOUT_CONDITION
#define FOUND_BY LIVE_ONLY
#include "../scopes/turns.pml"
