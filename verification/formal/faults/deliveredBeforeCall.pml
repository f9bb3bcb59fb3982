/* A hook is recorded as delivered before the provider is called. */
#define DELIVERED_BEFORE_CALL
#define FOUND_BY ACKNOWLEDGED
#include "../scopes/deliveries.pml"
