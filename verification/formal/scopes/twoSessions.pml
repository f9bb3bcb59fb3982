/* From two messages to the deliveries of their sessions: one process of each kind, a loss. */
#define MESSAGES 2
#define REDELIVERIES 0
#define SESSIONS 3
#define MESSAGE_WORKERS 1
#define STREAMS 1
#define SWEEPS 1
#define DELIVERERS 1
#define REDRIVERS 0
#define ATTEMPTS 2
#define TTL 0
#define OPERATOR_ENDS 0
#define MOVES 0
#define CRASHES 0
#define LOSSES 1
#define REPEATS 0
#define AGENT_FAILURES 0
#define OUTAGES 0
#define LOST_ANSWERS 0
#define REFUSALS 0
#define OVERLAPS 0
#define REDRIVES 0
#define DEFERRALS 0
#define DISCARDS 0
#define ACCEPTS 0
#define SETUP skip
#include "../boundary.pml"
