/*
 * The boundary protocol of one conversation: claim, rotate, expire, stream, seal, sweep, deliver, redrive.
 * README.md says which code each step stands for and what is left out. A file of scopes/ sets the bounds and includes
 * this one. Each call to AWS or to a provider is one atomic step, and a process may crash between any two of them.
 */

/* What must hold, numbered so that check.ts can name the one that was broken: pan prints the expression only. */
#define LIVE_ONLY 1         /* a turn is stored in the live session only, never in one that is being sealed */
#define ONCE 2              /* a message has one turn, whatever was delivered how often */
#define SEALED_NOT_LIVE 3   /* what is being sealed is named by no conversation, and stays so */
#define WHOLE 4             /* a provider gets all turns of a sealed session, or nothing */
#define ONE_EFFECT 5        /* a session takes effect at a provider once at the most */
#define ACKNOWLEDGED 6      /* a hook is delivered only when the provider has taken it */
#define DUE 7               /* whatever is unfinished has a due time */
#define ONE_REVIVAL 8       /* each death is revived once at the most */
#define ROW_STANDS 9        /* no live session is without its row */
#define FINISHED 10         /* in the end: every message has its turn, every session is sealed, every hook came to its end */
#define REPORTED 11         /* in the end: a dead hook has its message on the dead-letter queue, if nobody purged a queue */
#define GIVEN_UP 12         /* a provider takes nothing of a hook that an operator has discarded, until that is undone */
#define ASKED 13            /* what a provider has accepted is asked for, and not sent again */
#define CLAIM(number, holds) assert(number && (holds))

/* Whether the bounds have seals, too, or leave it at the end of a session. */
#define SEALS (STREAMS > 0 || MESSAGE_WORKERS == 0)

#define IN(set, element) ((set >> (element)) & 1)
#define WITH(set, element) (set | (1 << (element)))

/* The statuses of a session's row, then of a hook's. 0: there is no row yet. GONE: it was deleted. */
#define OPEN 1
#define ENDED 2
#define GONE 3
#define PENDING 1
#define DELIVERED 2
#define DEAD 3
#define SKIPPED 4
#define DISCARDED 5

/* The conversation's item: 0 in `live`, no item. `lease` is lease.id; it is unique within a session. */
byte live, lease, leaseTurn, startedBy;
bit previous;

/* By session, from 1: its row (`turnCount` from the seal on), and the messages whose turns it holds. */
byte row[SESSIONS + 1], turnCount[SESSIONS + 1], turns[SESSIONS + 1];
bit rowDue[SESSIONS + 1], missed[SESSIONS + 1];

/* By session: the hook row of the one provider. deadAt is the number of `deaths`; `revived` holds those that were. */
byte hook[SESSIONS + 1], attempts[SESSIONS + 1], hookLease[SESSIONS + 1], deaths[SESSIONS + 1], revived[SESSIONS + 1];
bit hookDue[SESSIONS + 1];

/* By session: its hook waits for its next attempt without a job, and is not due yet. */
bit deferred[SESSIONS + 1];

/* By session: what its discarded hook was. Bounds without discards leave it out. */
#if DISCARDS > 0
byte was[SESSIONS + 1], discards = DISCARDS, undos = UNDOS;
#endif

/* The provider's breaker; bounds without deferrals leave it out. PROBING: it is open, and a probe is made, by `prober`. */
#define CLOSED 0
#define OPENED 1
#define PROBING 2
#if DEFERRALS > 0
byte breaker, prober, deferrals = DEFERRALS;
#endif

/* What the provider has done, by session. */
byte effects[SESSIONS + 1];

/* By session: whether its provider has accepted it, after how many attempts, and what it makes of it. Bounds without
   acceptances leave it out. STORED: it has taken effect. NONE: it has not come, has failed, or is lost. */
#define NONE 0
#define WORKING 1
#define STORED 2
#if ACCEPTS > 0
bit accepted[SESSIONS + 1];
byte sent[SESSIONS + 1], work[SESSIONS + 1];
byte accepts = ACCEPTS, stillWorks = STILL_WORKS, workFailures = WORK_FAILURES;
#endif

/* The queues and the stream. `deadLetters` holds deaths; `moved` is the death that a job moved back from there carries. */
byte inbound[MESSAGES + 1], jobs[SESSIONS + 1], moved[SESSIONS + 1], deadLetters[SESSIONS + 1];
bit record[SESSIONS + 1];

/* The turn leases of running invocations, and the sessions whose rows they have just put. */
byte holdsSession[2], holdsLease[2], starting[2];

/* The hooks that running invocations have leased, and those whose jobs they have received, by worker from 1. */
byte works[3], busyWith[3];

/* How often what may happen still may. */
byte crashes = CRASHES, losses = LOSSES, repeats = REPEATS, agentFailures = AGENT_FAILURES;
byte outages = OUTAGES, lostAnswers = LOST_ANSWERS, refusals = REFUSALS, overlaps = OVERLAPS;
byte redrives = REDRIVES, moves = MOVES, operatorEnds = OPERATOR_ENDS;

/* The function is killed; its queue message, record or schedule comes again. */
#define CRASH atomic { crashes > 0 -> crashes--; goto crashed }

/* A lease lasts longer than the invocation that took it can run: the time limit of the function, and a margin. */
#define HELD_BY(w, s, l) (holdsSession[w] == (s) && holdsLease[w] == (l))
#define HELD(s, l) (HELD_BY(0, s, l) || HELD_BY(1, s, l))
#define STARTING(s) (starting[0] == (s) || starting[1] == (s))

/* Options of an `if`, one for each session of which `holds` is true; `then` is what follows. */
#define PICK_1(holds, then) :: atomic { holds(1) -> s = 1; then }
#if SESSIONS > 1
#define PICK_2(holds, then) PICK_1(holds, then) :: atomic { holds(2) -> s = 2; then }
#else
#define PICK_2(holds, then) PICK_1(holds, then)
#endif
#if SESSIONS > 2
#define PICK_3(holds, then) PICK_2(holds, then) :: atomic { holds(3) -> s = 3; then }
#else
#define PICK_3(holds, then) PICK_2(holds, then)
#endif
#if SESSIONS > 3
#define PICK_4(holds, then) PICK_3(holds, then) :: atomic { holds(4) -> s = 4; then }
#else
#define PICK_4(holds, then) PICK_3(holds, then)
#endif
#if SESSIONS > 4
#define PICK(holds, then) PICK_4(holds, then) :: atomic { holds(5) -> s = 5; then }
#else
#define PICK(holds, then) PICK_4(holds, then)
#endif

/* No end may come under a running turn: expiresAt lies behind the lease's end. */
#ifdef EXPIRES_UNDER_A_TURN
#define MAY_EXPIRE(s, l) true
#else
#define MAY_EXPIRE(s, l) (!HELD(s, l))
#endif

/* A worker has the hook until its lease is over. */
#ifdef LEASE_WITHOUT_CONDITION
#define LEASE_IS_FREE(s) true
#else
#define LEASE_IS_FREE(s) (hookLease[s] == 0 || works[hookLease[s]] != s)
#endif

/* The breaker is open, and a probe is not due, as often as `deferrals` says: it is due in the end. */
#ifdef NEVER_PROBED
#define PROBE_IS_DUE false
#else
#define PROBE_IS_DUE (breaker == OPENED)
#endif
#define MUST_WAIT (breaker != CLOSED && deferrals > 0)

/* The conversation stops naming its session; the stream's record says so. */
inline endLive() {
  record[live] = 1; live = 0; lease = 0; leaseTurn = 0; startedBy = 0; previous = 0
}

#include "turns.pml"
#include "ends.pml"
#include "hooks.pml"

/* What is lost on the way: records of the stream, jobs of the queue. */
#define RECORD_STANDS(s) (losses > 0 && record[s])
#define JOB_STANDS(s) (losses > 0 && (jobs[s] > 0 || moved[s] > 0))
proctype Losses() {
  byte s;
end:
  if
  PICK(RECORD_STANDS, record[s] = 0; losses--; s = 0)
  PICK(JOB_STANDS, jobs[s] = 0; moved[s] = 0; losses--; s = 0)
  fi;
  goto end
}

/* When nothing can happen any more, all that was said must have come to its end. */
proctype Final() {
  byte s, m, holders;
  timeout ->
  d_step {
    for (m : 1 .. MESSAGES) {
      holders = 0;
      for (s : 1 .. SESSIONS) { holders = holders + IN(turns[s], m) }
      CLAIM(FINISHED, inbound[m] == 0 && (MESSAGE_WORKERS == 0 || holders == 1))
    }
    CLAIM(FINISHED, live == 0);
    for (s : 1 .. (SEALS -> SESSIONS : 0)) {
      CLAIM(FINISHED, row[s] != OPEN && !record[s]);
      CLAIM(FINISHED, turns[s] == 0 || row[s] == ENDED);
      CLAIM(FINISHED, turns[s] == 0 || hook[s] == DELIVERED || hook[s] == DEAD || hook[s] == DISCARDED || (DELIVERERS == 0 && hook[s] == PENDING && jobs[s] > 0));
      CLAIM(FINISHED, row[s] != ENDED || turns[s] != 0 || hook[s] == SKIPPED);
      CLAIM(ACKNOWLEDGED, hook[s] != DELIVERED || effects[s] == 1);
      CLAIM(REPORTED, hook[s] != DEAD || IN(deadLetters[s], deaths[s]) || losses < LOSSES)
    }
  }
}

#define RUN(count, process) n = 0; do :: n < count -> run process; n++ :: else -> break od

init {
  byte n;
  atomic {
    for (n : 1 .. MESSAGES) { inbound[n] = (MESSAGE_WORKERS > 0 -> 1 : 0) }
    inbound[1] = inbound[1] + REDELIVERIES;
    SETUP;
    RUN(MESSAGE_WORKERS, Message(n));
    RUN(STREAMS, Stream());
    RUN(SWEEPS, Sweep());
    RUN(DELIVERERS, Deliver(n + 1));
    RUN(REDRIVERS, Redrive());
    RUN(TTL, Ttl());
    RUN(OPERATOR_ENDS, EndSession());
    RUN(MOVES, MoveTask());
#if DISCARDS > 0
    run Discard();
#endif
    RUN((LOSSES > 0), Losses());
    run Final();
    n = 0
  }
}
