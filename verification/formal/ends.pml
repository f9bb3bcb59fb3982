/* functions/expiry: the ends of sessions. */

/* sealSession: `s` is the session. Falls through when it is done. */
inline seal() {
  /* readSession */
  if
  :: atomic { row[s] == 0 || row[s] == GONE -> goto sealed }
  :: atomic { row[s] == ENDED -> n = turnCount[s]; goto unbegun }
  :: atomic { row[s] == OPEN -> CLAIM(SEALED_NOT_LIVE, live != s) }
  fi;
  /* countTurns */
  if
  :: d_step { n = turns[s] }
  :: CRASH
  fi;
#ifdef ENDED_BEFORE_HOOKS
  if
  :: d_step { markEnded() }
  :: CRASH
  fi;
#endif
  /* putHook */
  if
  :: d_step {
       CLAIM(SEALED_NOT_LIVE, live != s);
       if
       :: hook[s] == 0 ->
          hook[s] = (n == 0 -> SKIPPED : PENDING);
#ifndef HOOK_WITHOUT_DUE_TIME
          hookDue[s] = (n != 0);
#endif
          CLAIM(DUE, hook[s] != PENDING || hookDue[s])
       :: else
       fi
     }
  :: CRASH
  fi;
  /* markEnded */
#ifndef ENDED_BEFORE_HOOKS
  if
  :: d_step { markEnded() }
  :: CRASH
  fi;
#endif
  /* enqueueHooks */
  if
  :: d_step { jobs[s] = (n != 0 && jobs[s] < 2 -> jobs[s] + 1 : jobs[s]) }
  :: CRASH
  fi;
  goto sealed;
unbegun:
  /* enqueueUnbegun: loadHooks, enqueueHooks */
  if
  :: atomic { hook[s] == PENDING && attempts[s] == 0 }
  :: atomic { !(hook[s] == PENDING && attempts[s] == 0) -> goto sealed }
  fi;
  if
  :: d_step { jobs[s] = (jobs[s] < 2 -> jobs[s] + 1 : jobs[s]) }
  :: CRASH
  fi;
sealed:
}

inline markEnded() {
  if
  :: row[s] == OPEN -> row[s] = ENDED; rowDue[s] = 0; turnCount[s] = n
  :: else
  fi
}

#define IS_RECORDED(s) (record[s])

/* sealFromStream: a record may come again. */
proctype Stream() {
  byte s, n;
end:
  if
  PICK(IS_RECORDED, skip)
  fi;
  seal();
  if
  :: d_step { record[s] = 0; s = 0; n = 0 } -> goto end
  :: d_step { repeats > 0 -> repeats--; s = 0; n = 0 } -> goto end
  :: CRASH
  fi;
crashed:
  atomic { s = 0; n = 0; goto end }
}

/* A visit is due at any time, but not before whoever has just put the row is through with it. */
#define SESSION_IS_DUE(s) (row[s] == OPEN && rowDue[s] && !STARTING(s) && ((live != s && SEALS) || (live == s && MAY_EXPIRE(s, lease))))
/* Sooner than its slack allows, if there is no job at all. A deferred one's time comes when whoever had its job has long ended. */
#define SHELF_TIME_IS_OVER(s) (deferred[s] && busyWith[1] != s && busyWith[2] != s)
#define HOOK_IS_DUE(s) (hook[s] == PENDING && hookDue[s] && (SHELF_TIME_IS_OVER(s) || (!deferred[s] && jobs[s] == 0 && moved[s] == 0)))

/* sweep: visitSession and visitHook. */
proctype Sweep() {
  byte s, n, readLease;
end:
  if
  PICK(SESSION_IS_DUE, goto session)
  PICK(HOOK_IS_DUE, deferred[s] = 0; goto overdue)
  fi;
session:
  /* readConversation */
  if
  :: atomic { live != s && SEALS -> goto notLive }
  :: atomic { live != s && !SEALS -> goto done }
  :: atomic { live == s && MAY_EXPIRE(s, lease) -> readLease = lease }
  :: atomic { live == s && !MAY_EXPIRE(s, lease) -> goto done }
  fi;
#ifdef SEALED_BEFORE_DELETED
  seal();
#endif
  /* expireConversation */
  if
  :: d_step {
       if
       :: live == s && lease == readLease -> endLive()
       :: else
       fi
     } -> goto done
  :: CRASH
  fi;
notLive:
  /* markEndMissed: the first time it is left to the stream */
  if
  :: atomic { row[s] == OPEN && !missed[s] -> missed[s] = 1; goto done }
  :: atomic { row[s] != OPEN -> goto done }
  :: atomic { row[s] == OPEN && missed[s] }
  :: CRASH
  fi;
#ifndef SEALED_BEFORE_DELETED
  seal();
#endif
  goto done;
overdue:
#if DEFERRALS > 0
  /* breakerVisits, deferHook */
  if
  :: d_step { MUST_WAIT && hook[s] == PENDING && LEASE_IS_FREE(s) -> deferrals--; deferred[s] = 1 } -> goto done
  :: else
  fi;
#endif
  /* visitHook: get */
  if
  :: atomic { hook[s] != PENDING -> goto done }
  :: atomic { hook[s] == PENDING -> n = attempts[s] }
  fi;
  /* enqueueHooks */
  if
  :: d_step { jobs[s] = (jobs[s] < 2 -> jobs[s] + 1 : jobs[s]) }
  :: CRASH
  fi;
  /* visitHook, update */
  if
  :: d_step {
       if
       :: hook[s] == PENDING && attempts[s] == n -> hookDue[s] = 1
       :: else
       fi
     }
  :: CRASH
  fi;
done:
  atomic { s = 0; n = 0; readLease = 0; goto end };
crashed:
  atomic { s = 0; n = 0; readLease = 0; goto end }
}

/* DynamoDB's TTL deletes what is expired at that moment. */
proctype Ttl() {
end:
  do
  :: d_step { live != 0 && MAY_EXPIRE(live, lease) -> endLive() }
  od
}

/* endSession, by an operator. */
proctype EndSession() {
  byte s, readLease, readTurn;
end:
  /* readConversation */
  atomic { operatorEnds > 0 && live != 0 -> operatorEnds--; s = live; readLease = lease; readTurn = leaseTurn }
  /* isStored */
  if
  :: atomic { HELD(s, readLease) && !IN(turns[s], readTurn) -> goto crashed }
  :: else
  fi;
  /* update: it expires now, for that reason */
  if
  :: atomic { live == s && lease == readLease -> lease++; readLease++ }
  :: atomic { !(live == s && lease == readLease) -> goto crashed }
  :: CRASH
  fi;
  /* expireConversation */
  if
  :: d_step {
       if
       :: live == s && lease == readLease -> endLive()
       :: else
       fi
     }
  :: CRASH
  fi;
crashed:
  atomic { s = 0; readLease = 0; readTurn = 0; goto end }
}
