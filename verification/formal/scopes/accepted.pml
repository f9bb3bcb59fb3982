/* A sealed session whose provider accepts it, and works on it: stores it, fails at it, loses it, or takes too long; two workers,
   every answer of a provider, a lost job, a crash. */
#define MESSAGES 1
#define REDELIVERIES 0
#define SESSIONS 1
#define MESSAGE_WORKERS 0
#define STREAMS 0
#define SWEEPS 1
#define DELIVERERS 2
#define REDRIVERS 0
#define ATTEMPTS 2
#define TTL 0
#define OPERATOR_ENDS 0
#define MOVES 0
#define CRASHES 1
#define LOSSES 1
#define REPEATS 0
#define AGENT_FAILURES 0
#define OUTAGES 1
#define LOST_ANSWERS 1
#define REFUSALS 1
#define OVERLAPS 0
#define REDRIVES 0
#define DEFERRALS 0
#define DISCARDS 0
#define ACCEPTS 2
#define STILL_WORKS 1
#define WORK_FAILURES 1
#define SETUP row[1] = ENDED; turns[1] = WITH(0, 1); turnCount[1] = turns[1]; hook[1] = PENDING; hookDue[1] = 1; jobs[1] = 1
#include "../boundary.pml"
