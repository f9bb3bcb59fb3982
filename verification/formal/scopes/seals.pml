/* A session that has ended: the stream and two sweeps, a repeated record, two losses, two crashes. */
#define MESSAGES 1
#define REDELIVERIES 0
#define SESSIONS 1
#define MESSAGE_WORKERS 0
#define STREAMS 1
#define SWEEPS 2
#define DELIVERERS 0
#define REDRIVERS 0
#define ATTEMPTS 2
#define TTL 0
#define OPERATOR_ENDS 0
#define MOVES 0
#define CRASHES 2
#define LOSSES 2
#define REPEATS 1
#define AGENT_FAILURES 0
#define OUTAGES 0
#define LOST_ANSWERS 0
#define REFUSALS 0
#define OVERLAPS 0
#define REDRIVES 0
#define DEFERRALS 0
#define DISCARDS 0
#define ACCEPTS 0
#define SETUP row[1] = OPEN; rowDue[1] = 1; turns[1] = WITH(0, 1); record[1] = 1
#include "../boundary.pml"
