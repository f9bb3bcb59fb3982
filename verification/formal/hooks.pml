/* functions/session-end, and the operator: the deliveries of sealed sessions. */

/* What came of an attempt. TAKEN: it has taken effect. WORKS: the provider works on it. FAILED: it has failed at it. */
#define TAKEN 1
#define AGAIN 2
#define REFUSED 3
#define WORKS 4
#define FAILED 5
#define TOO_LONG 6

#define JOB_WAITS(s) (jobs[s] > 0)
#define MOVED_JOB_WAITS(s) (moved[s] > 0)
#define IS_DEAD(s) (redrives > 0 && hook[s] == DEAD)
#define HAS_DEAD_LETTER(s) (moves > 0 && deadLetters[s] != 0 && moved[s] == 0)

/* The provider takes it; it knows a delivery by its key. */
inline accept() {
  CLAIM(WHOLE, row[s] == ENDED && turns[s] != 0 && turns[s] == turnCount[s]);
  CLAIM(GIVEN_UP, hook[s] != DISCARDED);
#ifdef KEY_BY_ATTEMPT
  effects[s]++;
#else
  effects[s] = 1;
#endif
  CLAIM(ONE_EFFECT, effects[s] == 1)
}

#if ACCEPTS > 0
/* The provider takes it to work on it; one that it works on, or has stored, it knows by its key. */
inline takeToWork() {
  accepts--;
  CLAIM(WHOLE, row[s] == ENDED && turns[s] != 0 && turns[s] == turnCount[s]);
  work[s] = (work[s] == NONE -> WORKING : work[s])
}
inline store() {
  work[s] = STORED; effects[s] = 1
}
#endif

/* A lease that was not given back is that of an attempt that crashed. */
inline leaseIt() {
  follows = (hookLease[s] != 0);
  hookLease[s] = me; works[me] = s; attempts[s]++; number = attempts[s]
}

inline recordDelivered() {
  CLAIM(ACKNOWLEDGED, effects[s] != 0);
  hook[s] = DELIVERED; hookDue[s] = 0; hookLease[s] = 0; works[me] = 0;
#if ACCEPTS > 0
  accepted[s] = 0
#endif
}

/* reviveHook: if it is still the death that is meant */
#ifdef REVIVES_ANY_DEATH
#define CAN_REVIVE(death) (hook[s] == DEAD)
#else
#define CAN_REVIVE(death) (hook[s] == DEAD && deaths[s] == death)
#endif

inline revive(death) {
  CLAIM(ONE_REVIVAL, !IN(revived[s], death));
  revived[s] = WITH(revived[s], death);
  hook[s] = PENDING; attempts[s] = 0; hookLease[s] = 0; hookDue[s] = 1
}

/* noteFailure: no answer, for the fifth time in a row or not. noteAnswer: any other. */
inline noteDown() {
  if
  :: breaker == CLOSED -> breaker = OPENED
  :: breaker == PROBING && prober == me -> breaker = OPENED; prober = 0
  :: true
  fi
}
inline noteUp() { breaker = CLOSED; prober = 0 }

/* deliverHook. A lease may run out under its holder here, as often as `overlaps` says. */
proctype Deliver(byte me) {
  byte s, number, outcome, death, carried;
  bit follows, defers;
end:
  /* receive */
  if
  PICK(JOB_WAITS, busyWith[me] = s)
  PICK(MOVED_JOB_WAITS, busyWith[me] = s; carried = moved[s])
  fi;
take:
#if DEFERRALS > 0
  /* readBreaker, winProbe */
  if
  :: atomic { breaker == CLOSED }
  :: d_step { PROBE_IS_DUE -> breaker = PROBING; prober = me }
  :: atomic { MUST_WAIT -> goto defer }
  fi;
#endif
  /* leaseHook; while another holds it, the job goes back to the queue */
  if
  :: d_step { hook[s] == PENDING && !deferred[s] && LEASE_IS_FREE(s) -> leaseIt() }
  :: d_step { hook[s] == PENDING && !deferred[s] && !LEASE_IS_FREE(s) && overlaps > 0 -> overlaps--; leaseIt() }
  :: atomic { hook[s] == PENDING && deferred[s] -> goto done }
  :: atomic { hook[s] == DEAD -> death = deaths[s]; goto refused }
  :: atomic { hook[s] != PENDING && hook[s] != DEAD -> goto done }
  fi;
  /* AttemptCrashed: it is recorded first, and counts as that attempt */
  if
  :: atomic { follows -> number--; outcome = AGAIN; goto failed }
  :: else
  fi;
#ifdef DELIVERED_BEFORE_CALL
  if
  :: d_step { hook[s] = DELIVERED; hookDue[s] = 0 }
  :: CRASH
  fi;
#endif
#if ACCEPTS > 0
#ifndef SENT_AGAIN_WHEN_ACCEPTED
  if
  :: atomic { accepted[s] -> goto ask }
  :: atomic { !accepted[s] }
  fi;
#endif
#endif
  /* loadEndedSession */
  if
  :: atomic { row[s] == ENDED && turns[s] == turnCount[s] }
  :: atomic { !(row[s] == ENDED && turns[s] == turnCount[s]) -> outcome = AGAIN; goto failed }
  :: CRASH
  fi;
  /* onSessionEnd: its answer may get lost, it may be down, or refuse for good */
  if
#if ACCEPTS > 0
  :: d_step { accepts > 0 -> CLAIM(ASKED, !accepted[s]); takeToWork(); outcome = WORKS }
  :: d_step { accepts > 0 && lostAnswers > 0 -> lostAnswers--; takeToWork(); outcome = AGAIN }
#endif
  :: d_step { accept(); outcome = TAKEN }
  :: d_step { lostAnswers > 0 -> lostAnswers--; accept(); outcome = AGAIN }
  :: d_step { outages > 0 -> outages--; outcome = AGAIN }
  :: d_step { refusals > 0 -> refusals--; outcome = REFUSED }
  :: CRASH
  fi;
#if DEFERRALS > 0
  /* What a bug or a crash says of the provider is nothing. */
  if
  :: d_step { outcome == TAKEN || outcome == REFUSED -> noteUp() }
  :: d_step { outcome == AGAIN -> noteDown() }
  :: CRASH
  fi;
#endif
#if ACCEPTS > 0
  goto failed;
ask:
  /* confirm: it works on it, has stored it, has failed at it or knows nothing of it, takes too long; or it can't be asked */
  if
  :: d_step { work[s] == WORKING && stillWorks > 0 -> stillWorks--; outcome = WORKS }
  :: d_step { work[s] == WORKING || work[s] == STORED -> store(); outcome = TAKEN }
  :: d_step { work[s] == WORKING && workFailures > 0 -> workFailures--; work[s] = NONE; outcome = FAILED }
  :: d_step { work[s] == WORKING && workFailures > 0 -> workFailures--; outcome = TOO_LONG }
  :: d_step { work[s] == NONE -> outcome = FAILED }
  :: d_step { outages > 0 -> outages--; outcome = AGAIN }
  :: d_step { refusals > 0 -> refusals--; outcome = REFUSED }
  :: CRASH
  fi;
#endif
failed:
#if ACCEPTS > 0
#ifdef ACCEPTED_IS_DELIVERED
  outcome = (outcome == WORKS -> TAKEN : outcome);
#endif
  if
  :: atomic { outcome == WORKS -> goto works_on_it }
  :: atomic { outcome == FAILED || outcome == TOO_LONG -> number = sent[s] }
  :: atomic { outcome != WORKS && outcome != FAILED && outcome != TOO_LONG }
  fi;
#endif
  /* mustDefer: the next attempt is near, or far, so that the job goes off the queue */
  if
  :: defers = 0
  :: (outcome == AGAIN || outcome == FAILED) && number < ATTEMPTS -> defers = 1
  fi;
  /* recordDelivered, recordFailure: retryAt says whether there is another attempt */
  if
  :: d_step { outcome == TAKEN -> recordDelivered() }
  :: d_step { outcome != TAKEN && hookLease[s] == me && hook[s] == PENDING ->
       hookLease[s] = 0; works[me] = 0; attempts[s] = number;
#if ACCEPTS > 0
       accepted[s] = (outcome == FAILED || outcome == TOO_LONG -> 0 : accepted[s]);
#endif
       if
       :: outcome == REFUSED || outcome == TOO_LONG || number >= ATTEMPTS -> hook[s] = DEAD; deaths[s]++; death = deaths[s]; hookDue[s] = 0
       :: else -> hookDue[s] = 1; deferred[s] = defers
       fi;
       CLAIM(DUE, hook[s] != PENDING || hookDue[s])
     }
  :: atomic { outcome != TAKEN && !(hookLease[s] == me && hook[s] == PENDING) -> goto crashed }
  :: CRASH
  fi;
  if
  :: outcome == TAKEN -> goto done
  :: outcome != TAKEN && death == 0 && !defers -> goto crashed
  :: outcome != TAKEN && death == 0 && defers -> goto done
  :: outcome != TAKEN && death != 0
  fi;
#if ACCEPTS > 0
  goto report;
works_on_it:
  /* recordAccepted, mustDefer */
  if
  :: defers = 0
  :: defers = 1
  fi;
  if
  :: d_step { hookLease[s] == me && hook[s] == PENDING ->
       hookLease[s] = 0; works[me] = 0; sent[s] = (accepted[s] -> sent[s] : number); accepted[s] = 1; attempts[s] = 0;
       deferred[s] = defers;
#ifdef ACCEPTED_WITHOUT_DUE_TIME
       hookDue[s] = 0;
#else
       hookDue[s] = 1;
#endif
       CLAIM(DUE, hookDue[s])
     }
  :: atomic { !(hookLease[s] == me && hook[s] == PENDING) -> goto crashed }
  :: CRASH
  fi;
  if
  :: !defers -> goto crashed
  :: defers -> goto done
  fi;
#endif
report:
  /* enqueueHooks, to the dead-letter queue */
  if
  :: d_step { deadLetters[s] = WITH(deadLetters[s], death) } -> goto done
  :: CRASH
  fi;
refused:
  /* isRevived, refuse */
  if
  :: carried == 0 || carried != death -> goto report
  :: else
  fi;
  if
  :: d_step { CAN_REVIVE(carried) -> revive(carried); death = 0 } -> goto take
  :: d_step { !CAN_REVIVE(carried) } -> goto done
  :: CRASH
  fi;
#if DEFERRALS > 0
  goto done;
defer:
  /* deferHook */
  if
  :: d_step { hook[s] == PENDING && !deferred[s] && LEASE_IS_FREE(s) -> deferrals--; deferred[s] = 1;
#ifdef DEFERRED_WITHOUT_DUE_TIME
       hookDue[s] = 0;
#endif
       CLAIM(DUE, hookDue[s])
     } -> goto done
  :: atomic { hook[s] == PENDING && deferred[s] -> goto done }
  :: atomic { hook[s] == PENDING && !deferred[s] && !LEASE_IS_FREE(s) -> deferrals--; goto crashed }
  :: atomic { hook[s] == DEAD -> death = deaths[s]; goto refused }
  :: atomic { hook[s] != PENDING && hook[s] != DEAD -> goto done }
  :: CRASH
  fi;
#endif
done:
  /* delete the message */
  if
  :: d_step {
       if
       :: carried != 0 && moved[s] == carried -> moved[s] = 0
       :: carried == 0 && jobs[s] > 0 -> jobs[s]--
       :: else
       fi
     }
  :: CRASH
  fi;
crashed:
  atomic {
#if DEFERRALS > 0
    /* The next probe is due when this invocation has ended. */
    breaker = (breaker == PROBING && prober == me -> OPENED : breaker); prober = (prober == me -> 0 : prober);
#endif
    works[me] = 0; busyWith[me] = 0; s = 0; number = 0; outcome = 0; death = 0; carried = 0; follows = 0; defers = 0; goto end }
}

/* planRedrive, then redriveHooks. */
proctype Redrive() {
  byte s, planned;
end:
  /* planRedrive */
  if
  PICK(IS_DEAD, redrives--; planned = deaths[s])
  fi;
  /* reviveHook */
  if
  :: d_step { CAN_REVIVE(planned) -> revive(planned) }
  :: atomic { !CAN_REVIVE(planned) -> goto crashed }
  :: CRASH
  fi;
  /* enqueueHooks */
  if
  :: d_step { jobs[s] = (jobs[s] < 2 -> jobs[s] + 1 : jobs[s]) }
  :: CRASH
  fi;
  /* clearDeadLetters: of the DLQ messages that are there, by the row as it stands then */
  if
#ifdef CLEARS_LATER_DEATHS
  :: d_step { deadLetters[s] = 0 }
#else
  :: d_step { deadLetters[s] = (hook[s] == DEAD -> deadLetters[s] & (1 << deaths[s]) : 0) }
#endif
  :: CRASH
  fi;
crashed:
  atomic { s = 0; planned = 0; goto end }
}

/* A message move task of the AWS console: DLQ messages become jobs as they are. */
proctype MoveTask() {
  byte s, death;
end:
  if
  PICK(HAS_DEAD_LETTER, skip)
  fi;
  d_step {
    moves--;
    death = 1;
    do
    :: death <= deaths[s] && !IN(deadLetters[s], death) -> death++
    :: else -> break
    od;
    if
    :: death <= deaths[s] -> moved[s] = death; deadLetters[s] = deadLetters[s] & ~(1 << death)
    :: else
    fi;
    s = 0; death = 0
  };
  goto end
}

#if DISCARDS > 0
#define CAN_DISCARD(s) (discards > 0 && (hook[s] == DEAD || hook[s] == PENDING))
#define IS_DISCARDED(s) (undos > 0 && hook[s] == DISCARDED)

#ifdef DISCARDS_UNDER_A_LEASE
#define MAY_DISCARD(s) true
#else
#define MAY_DISCARD(s) LEASE_IS_FREE(s)
#endif

/* enqueueHooks, to the dead-letter queue */
#define SEND_LETTER deadLetters[s] = WITH(deadLetters[s], deaths[s])
#ifdef RESTORED_BEFORE_ITS_LETTER
#define LETTER_FIRST skip
#define LETTER_LAST SEND_LETTER
#else
#define LETTER_FIRST SEND_LETTER
#define LETTER_LAST skip
#endif

/* The undo's write: it is what it was. */
#define RESTORE hook[s] = was[s]; hookDue[s] = (hook[s] == PENDING); CLAIM(DUE, hook[s] != PENDING || hookDue[s])

/* actOnHooks: an operator gives a hook up, or takes that back. */
proctype Discard() {
  byte s, planned;
end:
  /* readRows */
  if
  PICK(CAN_DISCARD, discards--; planned = (hook[s] == DEAD -> deaths[s] : 0); goto discard)
  PICK(IS_DISCARDED, undos--; planned = deaths[s]; goto undo)
  fi;
discard:
  /* discardHook: what was dead, by its death; what was pending, while no worker has it */
  if
  :: d_step { planned != 0 && hook[s] == DEAD && deaths[s] == planned -> was[s] = DEAD; hook[s] = DISCARDED }
  :: d_step {
       planned == 0 && hook[s] == PENDING && MAY_DISCARD(s) ->
       was[s] = PENDING; hook[s] = DISCARDED; hookDue[s] = 0; hookLease[s] = 0; deferred[s] = 0
     }
  :: atomic { planned != 0 && !(hook[s] == DEAD && deaths[s] == planned) -> goto crashed }
  :: atomic { planned == 0 && !(hook[s] == PENDING && MAY_DISCARD(s)) -> goto crashed }
  :: CRASH
  fi;
  /* clearDeadLetters */
  if
  :: d_step { deadLetters[s] = (hook[s] == DEAD -> deadLetters[s] & (1 << deaths[s]) : 0) } -> goto crashed
  :: CRASH
  fi;
undo:
  /* restoreHook: the letter of a death goes first */
  if
  :: d_step { was[s] == DEAD -> LETTER_FIRST }
  :: atomic { was[s] == PENDING }
  :: CRASH
  fi;
  if
  :: d_step { hook[s] == DISCARDED && deaths[s] == planned -> RESTORE }
  :: atomic { !(hook[s] == DISCARDED && deaths[s] == planned) -> goto crashed }
  :: CRASH
  fi;
  if
  :: d_step { hook[s] == PENDING -> jobs[s] = (jobs[s] < 2 -> jobs[s] + 1 : jobs[s]) }
  :: d_step { hook[s] != PENDING -> LETTER_LAST }
  :: CRASH
  fi;
crashed:
  atomic { s = 0; planned = 0; goto end }
}
#endif
