/* A session is named live before its row stands. */
#define ROW_AFTER_CONVERSATION
#define FOUND_BY ROW_STANDS
#include "../scopes/whole.pml"
