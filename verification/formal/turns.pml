/* functions/message: takeTurn. Two run beside each other when an invocation outlives its message's invisibility. */

/* Two idle workers are alike, so that it is the first who takes a message. */
bit isBusy;
#define MAY_RECEIVE (me == 0 || isBusy)

inline release() {
  isBusy = (me == 0 -> 0 : isBusy);
  holdsSession[me] = 0; holdsLease[me] = 0; starting[me] = 0;
  m = 0; session = 0; read = 0; readLease = 0; readTurn = 0; readStarter = 0; readPrevious = 0; seen = 0; starts = 0; found = 0
}

/* claim.ts, replace: the conversation as it was read. */
#ifdef CLAIM_WITHOUT_CONDITION
#define AS_READ true
#else
#define AS_READ (live == read && lease == readLease)
#endif

/* Whether a start from nothing looks for the message's turn once more when it has won. */
#if defined(LOOKS_ONCE) || defined(NO_LOOK_BACK)
#define LOOKS_AGAIN false
#else
#define LOOKS_AGAIN true
#endif

/* withdrawSession.ts: if the conversation is still as it was claimed */
inline withdraw() {
  if
  :: live == session && lease == holdsLease[me] -> endLive()
  :: else
  fi
}

/* Whether a message that goes on with a session may lie before it. One written since it began does not. */
#ifdef LOOKS_BACK_BY_PREVIOUS
#define LOOKS_BACK readPrevious
#else
#define LOOKS_BACK true
#endif

/* What is not needed any more makes no states. */
inline forgetRead() { readTurn = 0; readStarter = 0; readPrevious = 0 }
inline forgetClaim() { read = 0; readLease = 0; seen = 0; starts = 0; found = 0 }

inline takeLease() {
  leaseTurn = m; holdsSession[me] = session; holdsLease[me] = lease
}

/* lookBack.ts, findRows: the turn in any of the sessions that the query saw. */
inline findInSeen() {
  found = 0;
  for (i : 1 .. SESSIONS) { found = found || (IN(seen, i) && IN(turns[i], m)) }
  i = 0
}

inline querySessions() {
  seen = 0;
  for (i : 1 .. SESSIONS) { seen = (row[i] == OPEN || row[i] == ENDED -> WITH(seen, i) : seen) }
  i = 0
}

proctype Message(byte me) {
  byte m, session, read, readLease, readTurn, readStarter, seen, i;
  bit readPrevious, starts, found;
end:
  /* receive */
  if
  :: atomic { MAY_RECEIVE && inbound[1] > 0 -> m = 1; isBusy = (me == 0 -> 1 : isBusy) }
  :: atomic { MAY_RECEIVE && MESSAGES > 1 && inbound[MESSAGES] > 0 -> m = MESSAGES; isBusy = (me == 0 -> 1 : isBusy) }
  fi;
again:
  /* readConversation */
  atomic {
    read = live; readLease = lease; readTurn = leaseTurn; readStarter = startedBy; readPrevious = previous;
    session = 0; seen = 0; starts = 0; found = 0
  }
  /* loadTurns, decide */
  atomic {
    if
    :: IN(turns[read], m) -> forgetRead(); forgetClaim(); goto settle
    :: else
    fi;
    if
    :: read != 0 && !IN(turns[read], readTurn) && HELD(read, readLease) -> goto wait
    :: read == 0 -> starts = 1
    :: read != 0 && (IN(turns[read], readTurn) || !HELD(read, readLease)) ->
       /* Received before the deadline; or after it, or a reset. An earlier attempt may have made the boundary. */
       if
       :: starts = 0
       :: readStarter != m -> starts = 1
       fi
    fi;
    if
    :: !starts && !LOOKS_BACK -> forgetRead(); goto goOn
    :: else
    fi;
    forgetRead()
  }
  /* lookBack, recentSessions */
  d_step { querySessions() }
  /* lookBack, findRows */
  atomic {
#ifndef NO_LOOK_BACK
    findInSeen();
#endif
    seen = (seen != 0);
    if
    :: found -> forgetClaim(); goto settle
    :: !found && !starts -> seen = 0; goto goOn
    :: else
    fi
  }
  /* startSession, put the row */
  d_step {
    session = 1;
    do
    :: row[session] != 0 || turns[session] != 0 -> session++
    :: else -> break
    od;
#ifndef ROW_AFTER_CONVERSATION
    row[session] = OPEN; rowDue[session] = 1;
#endif
    starting[me] = session
  }
  /* startSession, replace */
  if
  :: d_step { AS_READ ->
       if
       :: read != 0 -> record[read] = 1
       :: else
       fi;
       live = session; startedBy = m; previous = (read != 0 || seen);
       lease = 1; takeLease();
#ifndef ROW_AFTER_CONVERSATION
       starting[me] = 0;
#endif
       readLease = 0; seen = 0; starts = 0
     }
  :: d_step { !(AS_READ) -> found = 1 }
  :: CRASH
  fi;
  if
  :: found ->
     /* startSession, delete the row of the lost race */
     if
     :: d_step { row[session] = 0; rowDue[session] = 0; starting[me] = 0 } -> goto again
     :: CRASH
     fi
  :: else
  fi;
#ifdef ROW_AFTER_CONVERSATION
  if
  :: d_step { row[session] = OPEN; rowDue[session] = 1; starting[me] = 0 }
  :: CRASH
  fi;
#endif
  /* lookBack again, after a start from nothing: a whole session may have come and gone since the first look */
  if
  :: atomic { read != 0 || !LOOKS_AGAIN -> read = 0; goto make }
  :: else
  fi;
  if
  :: d_step { querySessions() }
  :: CRASH
  fi;
  atomic {
    findInSeen();
    seen = 0;
    if
    :: !found -> read = 0; goto make
    :: else
    fi
  }
  /* withdrawSession: the conversation, then the row */
  if
  :: d_step { starting[me] = session; withdraw() }
  :: CRASH
  fi;
  if
  :: d_step { row[session] = GONE; rowDue[session] = 0; starting[me] = 0; holdsSession[me] = 0; holdsLease[me] = 0 } -> goto again
  :: CRASH
  fi;
goOn:
  /* continueSession, replace */
  if
  :: d_step { AS_READ -> session = read; lease++; takeLease(); forgetClaim() }
  :: atomic { !(AS_READ) -> goto again }
  fi;
make:
  /* The agent fails, or: makeTurn, store */
  if
  :: d_step {
       CLAIM(LIVE_ONLY, live == session && hook[session] == 0);
       CLAIM(ROW_STANDS, row[session] == OPEN);
       for (i : 1 .. SESSIONS) { CLAIM(ONCE, !IN(turns[i], m)) }
       i = 0;
       turns[session] = WITH(turns[session], m)
     }
  :: atomic { agentFailures > 0 -> agentFailures--; goto giveBack }
  :: CRASH
  fi;
  goto settle;
giveBack:
  /* makeTurn, giveBack: the message comes again */
  if
  :: d_step {
       if
       :: live == session && lease == holdsLease[me] -> lease++
       :: else
       fi;
       release()
     } -> goto end
  :: CRASH
  fi;
settle:
  /* Send (not modelled), and delete the message from the queue. */
  if
  :: d_step { inbound[m] = (inbound[m] > 0 -> inbound[m] - 1 : 0); release() } -> goto end
  :: CRASH
  fi;
wait:
  /* The message goes back to the queue until the lease is over, its turn stored or the conversation another. */
  if
  :: d_step {
       live != read || lease != readLease || IN(turns[read], readTurn) || !HELD(read, readLease) -> release()
     } -> goto end
  fi;
crashed:
  atomic { release(); goto end }
}
