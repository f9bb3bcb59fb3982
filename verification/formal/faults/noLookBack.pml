/* A session is started without a look at the sessions before it. */
#define NO_LOOK_BACK
#define FOUND_BY ONCE
#include "../scopes/turns.pml"
