/* Two messages, one of them delivered twice, two workers beside each other, the sweep and a crash. */
#define MESSAGES 2
#define REDELIVERIES 1
#define SESSIONS 5
#define MESSAGE_WORKERS 2
#define STREAMS 0
#define SWEEPS 1
#define DELIVERERS 0
#define REDRIVERS 0
#define ATTEMPTS 2
#define TTL 0
#define OPERATOR_ENDS 0
#define MOVES 0
#define CRASHES 1
#define LOSSES 0
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
