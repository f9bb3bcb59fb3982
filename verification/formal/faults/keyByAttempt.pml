/* Each attempt has a delivery key of its own. */
#define KEY_BY_ATTEMPT
#define FOUND_BY ONE_EFFECT
#include "../scopes/deliveries.pml"
