/* The sweep seals an expired session before it deletes its conversation. */
#define SEALED_BEFORE_DELETED
#define FOUND_BY SEALED_NOT_LIVE
#include "../scopes/whole.pml"
