/* A session that came and went between the look back and the claim is missed. (So it was; this model found it.) */
#define LOOKS_ONCE
#define FOUND_BY ONCE
#include "../scopes/operator.pml"
