/* A hook that its provider has accepted waits for its job alone. */
#define ACCEPTED_WITHOUT_DUE_TIME
#define FOUND_BY DUE
#include "../scopes/accepted.pml"
