/** Conditions that the threads of this process wait on, found without anybody's help. */
#pragma once
#include <stdbool.h>

/** Learns how this C library lays conditions out; false where it does it in no known way. Once. */
bool learn_condition_layout(void);

/** Remembers the conditions that threads wait on now, 64 at most. How many are known. */
int find_conditions(void);

/** Makes all that are known anew, as if nobody waited: for a copy of the process, where nobody does. */
void renew_conditions(void);
