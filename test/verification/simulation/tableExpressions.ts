/** Every condition that `lib/` makes; a placeholder's name says what it stands for (see `tableCommand`). */
const conditions = [
  "attribute_not_exists(pk)",
  "attribute_exists(pk)",
  "#status = :pending AND attempts = :attempts AND nextAttemptAt = :next",
  "#status = :pending",
  "#status = :pending AND #at = :from",
  "lease.id = :lease",
  "#status = :dead AND deadAt = :deadAt",
  "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
  "lease.id = :lease AND #status = :pending",
  "#status = :open AND attribute_not_exists(missedAt)",
  "#session = :session AND lease.id = :lease",
  "#status = :open",
  "#session = :wasSession AND #lease.id = :wasLease",
  "attribute_not_exists(pk) OR kind = :tombstone",
  "attribute_not_exists(#at) OR #at < :at OR (#at = :at AND #text <= :text)",
  "#at = :at",
  "attribute_not_exists(undelivered)",
  "attribute_exists(pk) AND attribute_not_exists(erasedAt) AND attribute_not_exists(undelivered)",
  "attribute_exists(pk) AND attribute_not_exists(erasedAt) AND attribute_not_exists(undelivered.discarded) AND undelivered.#at = :readAt",
  "undelivered.#at = :readAt AND attribute_not_exists(undelivered.arrivedAt)",
  "attribute_exists(#state) AND undelivered.#at = :failedAt",
  "#session = :session",
  "version = :read OR version = :version",
  "attribute_not_exists(pk) OR version = :version",
  "attribute_not_exists(pk) OR #begun < :begun OR (#begun = :begun AND #failed < :failed)",
  "attribute_exists(pk) AND attribute_not_exists(told)",
  "#status = :open AND probeAt = :was",
  "#status = :open AND probeAt > :now",
  "failures > :zero",
  "attribute_not_exists(pk) OR attribute_exists(failures)",
  "#status = :closed AND failures >= :most",
  "#status = :pending AND nextAttemptAt = :seen AND attempts = :attempts AND (attribute_not_exists(lease) OR lease.#until <= :now)",
  "#status = :was AND deadAt = :seen",
  "#status = :was AND nextAttemptAt = :seen AND (attribute_not_exists(lease) OR lease.#until <= :now)",
  "#status = :skipped AND discarded.#at = :discardedAt",
  "#status = :delivered AND deliveredAt = :seen",
  "attribute_not_exists(pk) OR (attribute_not_exists(approvedAt) AND askedAt <= :before)",
  "attribute_exists(pk) OR attribute_not_exists(pk)",
  "attribute_not_exists(attachments) OR size(attachments) = :count",
  "attribute_not_exists(origin) AND (attribute_not_exists(goneAt) OR goneAt <= :goneAt)",
] as const;

// Left out are those that the emulator answers unlike the service: comparisons of maps, which it does by the order of
// their attributes or not at all, and `<` between texts with emoji, which it orders by UTF-16.
/** Conditions that none makes, on the borders of the language: other types, missing attributes, precedence. */
const moreConditions = [
  "#status <> :open",
  "missedAt > :now",
  "attempts >= :attempts OR #status = :open AND attribute_exists(lease)",
  "(attempts >= :attempts OR #status = :open) AND attribute_exists(lease)",
  "attempts < deadAt",
  "#status < :pending",
  "begins_with(#status, :prefix)",
  "begins_with(attempts, :prefix)",
  "begins_with(lease.id, :prefix)",
  "attribute_exists(lease.#until)",
  "size(#status) > :count",
  "size(lease) = :count OR size(attempts) <> :count",
  "attribute_not_exists(#status.#until)",
] as const;

/** Every update that `lib/` makes. */
const updates = [
  "SET #at = :at, enqueues = :enqueues, enqueuedAt = :now REMOVE isDeferred",
  "SET #at = :at",
  "SET #at = :to",
  "SET checkpoint = :checkpoint",
  "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, enqueues = :zero, redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at REMOVE deadAt, lease, isDeferred",
  "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, enqueues = :zero, redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at REMOVE deliveredAt, acceptedAt, receipt, checkpoint",
  "SET #status = :skipped, discarded = :discarded REMOVE #state, #at, lease, isDeferred",
  "SET #status = :status, #state = :state, #at = :at REMOVE discarded",
  "SET #status = :status, #state = :state, #at = :at, nextAttemptAt = :now REMOVE discarded",
  "SET lease = :lease, attempts = attempts + :one REMOVE isDeferred",
  "SET #status = :delivered, receipt = :receipt, deliveredAt = :now REMOVE #state, #at, lease, isDeferred, deadAt, discarded, accepted",
  "SET #status = :delivered, receipt = :receipt, deliveredAt = :now, attempts = :attempts REMOVE #state, #at, lease, isDeferred, deadAt, discarded, accepted",
  "SET accepted = :accepted, acceptedAt = :since, receipt = :receipt, attempts = :zero, nextAttemptAt = :ask, #at = :at REMOVE lease, isDeferred",
  "SET accepted = :accepted, acceptedAt = :since, receipt = :receipt, attempts = :zero, nextAttemptAt = :ask, #at = :at, isDeferred = :true REMOVE lease",
  "SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, deadAt = :when REMOVE lease, isDeferred",
  "SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, deadAt = :when REMOVE lease, isDeferred, accepted, acceptedAt, receipt",
  "SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, nextAttemptAt = :when REMOVE lease, isDeferred",
  "SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, nextAttemptAt = :when REMOVE lease, isDeferred, accepted, acceptedAt, receipt",
  "SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, nextAttemptAt = :when, isDeferred = :true REMOVE lease",
  "SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, nextAttemptAt = :when, isDeferred = :true REMOVE lease, accepted, acceptedAt, receipt",
  "SET missedAt = :now, #at = :again",
  "SET expiresAt = :at, expiresWhy = :why, lease.id = :next",
  "SET lease.#until = :zero, lease.id = :id",
  "SET expiresAt = :now",
  "SET #status = :ended, reason = :reason, endedAt = :at, turns = :turns, #state = :state, #at = :at",
  "SET undelivered.resentAt = :value REMOVE waitUntil",
  "SET undelivered.discarded = :value REMOVE #state",
  "SET #user = :user, memory = :memory, version = :version, v = :v",
  "SET origin = :chat",
  "SET #v = :v, #session = :session, #lease = :lease, #state = :state, #at = :at REMOVE #ended, #missedAt",
  "SET told = :true",
  "SET probeAt = :next, changedAt = :now",
  "SET probeAt = :now, changedAt = :now",
  "SET #status = :closed, failures = :zero, changedAt = :now REMOVE openedAt, probeAt",
  "SET #status = if_not_exists(#status, :closed), failures = if_not_exists(failures, :zero) + :one, #last = :last, changedAt = :now, provider = :provider, v = :v",
  "SET #status = :open, openedAt = :now, probeAt = :next, changedAt = :now",
  "SET nextAttemptAt = :until, #at = :until, isDeferred = :true",
  "SET nextAttemptAt = :now, #state = :due, #at = :at REMOVE isDeferred",
] as const;

/** Updates that none makes. */
const moreUpdates = [
  "SET attempts = :one + attempts, deadAt = attempts",
  "SET lease.more = :map",
  "REMOVE lease.#until, #status",
  "SET #state = :state",
] as const;

/**
 * Updates that are refused whatever the item is like. They are played without a condition: which of two reasons to refuse
 * a request is told is open.
 */
const refused = ["SET pk = :pending", "SET #state = :oddState", "SET #at = :oddTime"] as const;

const filters = ["kind = :turn", "begins_with(sk, :kind)", "#status <> :open OR attempts <= :attempts"] as const;

const projections = [
  "pk, sk, v, #status, #state",
  "#sk, #v, #kind, #at, #origin, #user, #text, #reply, #switchOrder, #status, #command, #memoryOff",
] as const;

const keyConditions = [
  "pk = :pk",
  "pk = :pk AND begins_with(sk, :prefix)",
  "#state = :state",
  "#state = :state AND #at < :end",
  "#state = :state AND #at <= :end",
  "#state = :state AND #at <= :until",
  "#state = :state AND #at BETWEEN :from AND :from",
] as const;

/** The expressions that are played: all of `lib/` and what stands beside them. */
export const tableExpressions = {
  conditions: [...conditions, ...moreConditions],
  updates: [...updates, ...moreUpdates, ...refused],
  refused: new Set<string>(refused),
  filters,
  projections,
  keyConditions,
};
