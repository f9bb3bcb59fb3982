/* A redrive clears the DLQ message of a death that came after it. (So it was; this model found it.) */
#define CLEARS_LATER_DEATHS
#define FOUND_BY REPORTED
#include "../scopes/redrives.pml"
