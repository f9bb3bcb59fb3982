/* What a provider has accepted is sent again, where it should be asked for. */
#define SENT_AGAIN_WHEN_ACCEPTED
#define FOUND_BY ASKED
#include "../scopes/accepted.pml"
